package io.ottla.console.moves;

/** What is to be spread evenly: one thing a partition and broker, a replica or the leadership. */
interface Tokens {
    /** The broker would only get it by this plan. */
    int FREE = 0;
    /** A copy of data, or another leader. */
    int MOVE = 1;
    /** Both. */
    int MOVE_OF_LEADER = 2;

    int PRICES = 3;

    boolean holds(int partition, int broker);

    /** From a broker that holds it. */
    boolean mayMove(int partition, int from, int to);

    void move(int partition, int from, int to);

    /** What taking it away from a broker costs, from {@link #FREE} up; cheap ones are moved first. */
    int price(int partition, int broker);
}
