/**
 * The picture of the cluster: one immutable {@code ClusterImage}, and the changes that lead from one to the next.
 *
 * <p>Owner thread: nobody: everything here is immutable.
 *
 * <p>May import (row 6): {@code types}, {@code time}, {@code concurrent}, {@code metrics}, {@code record}, {@code
 * protocol}, {@code config}.
 */
package io.ottla.metadata;
