package io.ottla.console.state;

import io.ottla.console.clusters.ClusterFailure;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Small named entries in folders, which all consoles of a cluster see. Each has a version that every change raises, so that
 * of two who change it at once one is told. Every call blocks for a bounded time, and fails with a {@link ClusterFailure}
 * where the entries can't be reached; then a change may have been made or not.
 *
 * <p>Thread-safe.
 */
public interface ConsoleStore {
    /** What one entry may hold, in bytes. */
    int MAX_BYTES = 64 * 1024;

    /** What an entry may be called. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@-]{0,127}");

    /**
     * An entry as it was when it was read.
     *
     * @param version from 0
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(String name, int version, byte[] content) {}

    /** Names in a folder, without order. */
    List<String> names(Folder folder);

    Optional<Entry> read(Folder folder, String name);

    /** False where there is one of that name. */
    boolean create(Folder folder, String name, byte[] content);

    /** False where it is gone, or has another version by now. */
    boolean update(Folder folder, String name, byte[] content, int version);

    /**
     * False where it is gone, or has another version by now.
     *
     * @param version -1 for any
     */
    boolean delete(Folder folder, String name, int version);

    /** @throws IllegalArgumentException where no store can hold it */
    static void check(String name, byte[] content) {
        check(name);
        if (content.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "Expected an entry of at most " + MAX_BYTES + " bytes, but got " + content.length);
        }
    }

    /** @throws IllegalArgumentException where no entry can be called that */
    static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Expected a name of " + NAME + ", but got '" + name + "'");
        }
    }
}
