"""Plans: documents, items, paragraphs, responsibilities, and the importer that loses nothing."""
