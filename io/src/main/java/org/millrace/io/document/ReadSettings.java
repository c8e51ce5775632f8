package org.millrace.io.document;

import java.io.Serializable;

/**
 * How records become documents.
 *
 * @param maxDocumentBytes the most bytes that a record may have
 */
record ReadSettings(
    DocumentFields fields, DocumentFormat format, InvalidText invalidText, int maxDocumentBytes)
    implements Serializable {}
