package io.ottla.config;

/** How reading one value went. */
sealed interface Reading {
    /**
     * It is well.
     *
     * @param value a {@code Boolean}, {@code String}, {@code Integer}, {@code Short}, {@code Long}, {@code Double} or
     *     {@code List<String>}, as the type says
     */
    record Value(Object value) implements Reading {}

    /** It can't be taken. */
    record Refused(String why) implements Reading {}
}
