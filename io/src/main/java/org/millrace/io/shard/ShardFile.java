package org.millrace.io.shard;

import java.io.Serializable;

/**
 * A file of a shard, uploaded but not in its place yet.
 *
 * @param name its final name in the folder of its format
 * @param location where it is now, as Beam's file systems name it
 * @param bytes its size
 * @param sha256 of its bytes, in hexadecimal
 */
public record ShardFile(String name, String location, long bytes, String sha256)
    implements Serializable {}
