package org.modalimmune.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads an NPZ file: a ZIP archive whose members are NPY files.
 *
 * <p>Source: {@code numpy.savez}, NumPy documentation.
 */
public final class NpzFile implements AutoCloseable {
  /** Deflate cannot expand a byte to more than this many (RFC 1951: 258 bytes in two bits). */
  private static final long MAX_EXPANSION = 1032;

  private static final String SUFFIX = ".npy";

  private final Path path;
  private final ZipFile zip;
  private final Map<String, ZipEntry> members;

  private NpzFile(Path path, ZipFile zip, Map<String, ZipEntry> members) {
    this.path = path;
    this.zip = zip;
    this.members = members;
  }

  /**
   * Opens a file and reads its directory.
   *
   * @param path the file
   * @return the open file; close it after use
   * @throws DataException if it is not a readable ZIP archive or names a member twice
   * @throws IOException if the file cannot be read at all
   */
  public static NpzFile open(Path path) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (EOFException e) {
      throw new DataException(path + ": not a usable NPZ file: it ends too early", e);
    } catch (ZipException | IllegalArgumentException e) {
      throw new DataException(path + ": not a usable NPZ file: " + e.getMessage(), e);
    }
    try {
      Map<String, ZipEntry> members = new LinkedHashMap<>();
      zip.stream()
          .filter(entry -> entry.getName().endsWith(SUFFIX))
          .forEach(
              entry -> {
                String file = entry.getName();
                String name = file.substring(0, file.length() - SUFFIX.length());
                if (members.put(name, entry) != null) {
                  throw new DataException(
                      path + ": not a usable NPZ file: two arrays are named '" + name + "'");
                }
              });
      return new NpzFile(path, zip, members);
    } catch (DataException | IllegalArgumentException e) {
      zip.close();
      throw e instanceof DataException
          ? e
          : new DataException(path + ": not a usable NPZ file: " + e.getMessage(), e);
    }
  }

  /**
   * Names of the arrays, in the archive's order.
   *
   * @return an unmodifiable set
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  /**
   * Reads one array.
   *
   * @param name the array's name, without {@code .npy}
   * @return the array
   * @throws DataException if there is no such array, or it cannot be read, with the reason
   * @throws IOException if reading fails
   */
  public NpyArray read(String name) throws IOException {
    ZipEntry entry = members.get(name);
    if (entry == null) {
      throw new DataException(path + ": has no array '" + name + "'; it has " + names());
    }
    String place = path + ", array '" + name + "'";
    long size = entry.getSize();
    if (size < 0 || size > MAX_EXPANSION * (entry.getCompressedSize() + 1)) {
      throw new DataException(
          place
              + ": states "
              + size
              + " bytes, more than "
              + entry.getCompressedSize()
              + " compressed bytes can hold; write it again");
    }
    try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
      return NpyReader.read(place, in, size);
    } catch (EOFException e) {
      throw new DataException(place + ": cannot be unpacked: it ends too early", e);
    } catch (ZipException e) {
      throw new DataException(place + ": cannot be unpacked: " + e.getMessage(), e);
    }
  }

  /** Closes the file; a second call has no effect. */
  @Override
  public void close() throws IOException {
    zip.close();
  }
}
