package io.ottla.console.clusters;

import java.nio.file.Path;

/** The folder for what the console keeps. Made when something is first kept there. */
public record DataFolder(Path path) {}
