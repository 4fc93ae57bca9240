package io.ottla.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A search in an index finds the same before, while and after its entries leave memory for the file. */
@JCStressTest
@Outcome(id = "300, 300", expect = Expect.ACCEPTABLE, desc = "the entry")
@State
public class SealAndSearchStress {
    private final OffsetIndex index = new OffsetIndex(new MemoryDisk(), Path.of("/memory/0.index"), 0, 1000, 0);

    public SealAndSearchStress() {
        for (int i = 1; i < 6; i++) {
            index.append(i * 10L, i * 100);
        }
    }

    @Actor
    public void seal() {
        try {
            index.seal();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Actor
    public void search(II_Result result) {
        try {
            result.r1 = index.positionFor(35);
            result.r2 = index.positionBefore(399);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
