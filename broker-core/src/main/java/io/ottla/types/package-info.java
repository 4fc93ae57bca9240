/**
 * Ids, epochs, callers, results and error values that every room speaks of.
 *
 * <p>Owner thread: nobody: everything here is immutable.
 *
 * <p>May import (row 1): no other room.
 */
package io.ottla.types;
