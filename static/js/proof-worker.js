// Finds the number whose hash, behind the salt, is the challenge. Runs beside the page, so that typing never waits.
"use strict";

// Asked for together: a single hash costs far less than waiting for it.
const TOGETHER = 32;

onmessage = async ({ data: { salt, challenge, maxnumber } }) => {
  const encoder = new TextEncoder();
  const wanted = challenge.match(/../g).map((pair) => parseInt(pair, 16));
  const isWanted = (hash) => {
    const bytes = new Uint8Array(hash);
    return wanted.every((byte, i) => byte === bytes[i]);
  };
  for (let from = 0; from <= maxnumber; from += TOGETHER) {
    const numbers = Array.from({ length: Math.min(TOGETHER, maxnumber + 1 - from) }, (_, i) => from + i);
    const hashes = await Promise.all(numbers.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(salt + n))));
    const found = hashes.findIndex(isWanted);
    if (found >= 0) {
      postMessage(from + found);
      return;
    }
  }
  postMessage(null);
};
