package org.millrace.io.shard;

/**
 * A file of a format, with the name that it will have: what an index is made of.
 *
 * @param name relative to the folder of the format
 * @param file the file
 */
public record IndexedFile(String name, ShardFile file) {}
