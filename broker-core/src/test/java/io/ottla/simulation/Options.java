package io.ottla.simulation;

/**
 * What a run is like, besides its seed.
 *
 * @param brokers 1 or more
 * @param seconds of virtual time in which moves come
 * @param moves whether there are any
 * @param planted bugs in brokers
 */
record Options(int brokers, int seconds, boolean moves, Tampering.Planted planted) {
    static Options of(int brokers, int seconds) {
        return new Options(brokers, seconds, true, Tampering.Planted.NOTHING);
    }

    Options quiet() {
        return new Options(brokers, seconds, false, planted);
    }

    Options planting(Tampering.Planted bug) {
        return new Options(brokers, seconds, moves, bug);
    }
}
