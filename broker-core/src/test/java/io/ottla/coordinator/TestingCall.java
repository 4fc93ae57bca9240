package io.ottla.coordinator;

import io.ottla.coordinator.TestingMachine.Put;
import io.ottla.record.EndTransactionMarker;
import io.ottla.types.ProducerIdAndEpoch;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/** An operation on a testing machine, and how it was answered. */
final class TestingCall implements Operation<TestingMachine, Put>, Answer {
    private final Function<TestingMachine, Effects<Put>> what;
    private String seen;
    private volatile String answer;

    private TestingCall(Function<TestingMachine, Effects<Put>> what) {
        this.what = what;
    }

    static TestingCall put(String... keysAndValues) {
        List<Put> puts = new java.util.ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            puts.add(new Put(keysAndValues[i], keysAndValues[i + 1]));
        }
        return put(puts, false);
    }

    static TestingCall put(List<Put> puts, boolean divisible) {
        TestingCall[] self = new TestingCall[1];
        self[0] = new TestingCall(machine -> {
            Effects<Put> effects = Effects.write(puts, self[0]);
            return divisible ? effects.divisible() : effects;
        });
        return self[0];
    }

    /** Tells the value of a key, once it is committed. */
    static TestingCall get(String key) {
        TestingCall[] self = new TestingCall[1];
        self[0] = new TestingCall(machine -> {
            self[0].seen = machine.values.get(key);
            return Effects.read(key, self[0]);
        });
        return self[0];
    }

    /** Says that the value of a key is stored. */
    static TestingCall confirm(String key) {
        TestingCall[] self = new TestingCall[1];
        self[0] = new TestingCall(machine -> Effects.confirm(key, self[0]));
        return self[0];
    }

    /** Rests on nothing stored. */
    static TestingCall ping() {
        TestingCall[] self = new TestingCall[1];
        self[0] = new TestingCall(machine -> Effects.now(self[0]));
        return self[0];
    }

    /** The end of a transaction. */
    static TestingCall end(long producerId) {
        TestingCall[] self = new TestingCall[1];
        self[0] = new TestingCall(machine -> Effects.end(
                new ProducerIdAndEpoch(producerId, (short) 1), new EndTransactionMarker(true, 1), 2, self[0]));
        return self[0];
    }

    static TestingCall breaking() {
        return new TestingCall(machine -> {
            throw new IllegalStateException("Expected to break");
        });
    }

    @Override
    public Effects<Put> decide(TestingMachine machine) {
        return what.apply(machine);
    }

    @Override
    public void give() {
        end(seen == null ? "done" : seen);
    }

    @Override
    public void refuse(Errors error) {
        end(error.name());
    }

    private void end(String how) {
        if (answer != null) {
            throw new IllegalStateException("Expected one answer, but after " + answer + " came " + how);
        }
        answer = how;
    }

    /** Null while there is none. */
    String answer() {
        return answer;
    }
}
