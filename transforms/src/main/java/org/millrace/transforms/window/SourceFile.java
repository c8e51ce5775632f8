package org.millrace.transforms.window;

import java.io.Serializable;

/**
 * A file of documents that is to be split off as a whole, or by its documents.
 *
 * @param path what tells it from all others, wherever the corpus lies
 * @param documents in it
 */
public record SourceFile(String path, long documents) implements Serializable {}
