"""Reports to be taken along: one neutral document, written as an Excel workbook or as a Word file.

What a report says is built once (``assessment``, ``summary``); ``xlsx`` and ``docx`` only lay it out. The same
report in the same language gives the same bytes: the only moment inside is that of the report itself.
"""
