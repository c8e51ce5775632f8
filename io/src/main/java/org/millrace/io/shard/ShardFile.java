package org.millrace.io.shard;

import java.io.Serializable;
import java.util.SortedMap;

/**
 * A file of a shard, uploaded but not in its place yet.
 *
 * @param part its number among the shard's files of this extension
 * @param extension with its dot
 * @param location where it is now, as Beam's file systems name it
 * @param bytes its size
 * @param sha256 of its bytes, in hexadecimal
 * @param samples the samples in it, or that it belongs to
 * @param facts what an index over all shards needs to know of it
 */
public record ShardFile(
    int part,
    String extension,
    String location,
    long bytes,
    String sha256,
    long samples,
    SortedMap<String, String> facts)
    implements Serializable {}
