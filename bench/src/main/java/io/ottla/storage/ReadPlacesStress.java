package io.ottla.storage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A place that a reader left is found as it was left, or not at all. */
@JCStressTest
@Outcome(id = "-1, -1", expect = Expect.ACCEPTABLE, desc = "neither")
@Outcome(id = "-1, 20", expect = Expect.ACCEPTABLE, desc = "the second")
@Outcome(id = "10, -1", expect = Expect.ACCEPTABLE, desc = "the first")
@Outcome(id = "10, 20", expect = Expect.ACCEPTABLE, desc = "both")
@State
public class ReadPlacesStress {
    private final ReadPlaces places = new ReadPlaces();

    @Actor
    public void leave() {
        places.note(null, 1, 10);
        places.note(null, 2, 20);
    }

    @Actor
    public void find(II_Result result) {
        result.r1 = places.find(null, 1);
        result.r2 = places.find(null, 2);
    }
}
