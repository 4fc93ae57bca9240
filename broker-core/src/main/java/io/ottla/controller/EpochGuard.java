package io.ottla.controller;

import io.ottla.types.ControllerEpoch;

/**
 * What every write of a controller is checked against, so that a deposed one can't write any more (DESIGN §5).
 *
 * @param epoch the generation of the controller that writes
 * @param nodeVersion the version {@code /controller_epoch} must still have
 */
public record EpochGuard(ControllerEpoch epoch, int nodeVersion) {}
