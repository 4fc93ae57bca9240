/**
 * Measurements (JMH) of broker-core; the hunts for races (JCStress) stand in the packages of what they hunt in. Not shipped.
 *
 * <p>Owner thread: the harness's.
 *
 * <p>May import: broker-core, JMH, JCStress.
 */
package io.ottla.bench;
