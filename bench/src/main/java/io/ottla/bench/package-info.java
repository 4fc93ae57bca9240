/**
 * Measurements (JMH) and hunts for races (JCStress) of broker-core. Not shipped, and no test of the suite.
 *
 * <p>Owner thread: the harness's.
 *
 * <p>May import: broker-core, JMH, JCStress.
 */
package io.ottla.bench;
