package io.ottla.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why a file or folder could not be used: the messages of many such exceptions are a bare path. */
public final class DiskReason {
    private DiskReason() {}

    /** The reason, to stand behind a colon. */
    public static String of(IOException failure) {
        return switch (failure) {
            case FileSystemException named when named.getReason() != null -> named.getFile() + ": " + named.getReason();
            case FileAlreadyExistsException there -> there.getFile() + " is there already, and is no folder";
            case NoSuchFileException missing -> missing.getFile() + " is not there, or can't be made";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NotDirectoryException file -> file.getFile() + " is no folder";
            case DirectoryNotEmptyException full -> full.getFile() + " is not empty";
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
    }
}
