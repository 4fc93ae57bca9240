/**
 * Typed configuration of broker, topics, groups and clients from plain maps: default, synonyms, source, sensitivity,
 * dynamic scope.
 *
 * <p>Owner thread: nobody: a configuration is immutable, a change is a new one.
 *
 * <p>May import (row 5): {@code types}, {@code time}, {@code concurrent}, {@code metrics}, {@code record}, {@code
 * protocol}.
 */
package io.ottla.config;
