package io.ottla.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final SplittableRandom random = new SplittableRandom(3);
    private final Schedule schedule = new Schedule(random.split());
    private final SimulatedNetwork network = new SimulatedNetwork(schedule, random.split());
    private final SimulatedProcess client = process("client");
    private final SimulatedProcess server = process("server");
    private final List<Integer> received = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private SimulatedLink.End serverEnd;
    private SimulatedLink.End clientEnd;

    private SimulatedProcess process(String name) {
        return new SimulatedProcess(name, schedule, random.split(), SimulatedProcess.Tempo.EVEN, 0);
    }

    private void connect() {
        network.listen(server, "s", 9092, link -> {
            serverEnd = link.called();
            serverEnd.listen(server.thread(), receiver("server"));
        });
        network.connect(client, "c", "s", 9092, outcome -> {
            clientEnd = ((SimulatedNetwork.Connected.Open) outcome).link().caller();
            clientEnd.listen(client.thread(), receiver("client"));
        });
        run(1);
    }

    private SimulatedLink.Receiver receiver(String whose) {
        return new SimulatedLink.Receiver() {
            @Override
            public void received(byte[] frame) {
                received.add((int) frame[0]);
            }

            @Override
            public void closed() {
                closed.add(whose);
            }
        };
    }

    private void run(int seconds) {
        schedule.runUntil(schedule.nowNs() + seconds * SECOND_NS);
    }

    private void send(int... numbers) {
        for (int number : numbers) {
            clientEnd.send(new byte[] {(byte) number});
        }
    }

    @Test
    void shouldDeliverInOrderAndCloseBehindThat() {
        connect();
        send(1, 2, 3);
        clientEnd.close();
        send(4);
        run(1);
        assertThat(received).containsExactly(1, 2, 3);
        assertThat(closed).containsExactly("server");
        assertThat(network.links()).isEmpty();
    }

    @Test
    void shouldStallOneDirectionAndLoseNothing() {
        connect();
        network.block("c", "s");
        send(1, 2);
        serverEnd.send(new byte[] {9});
        run(5);
        assertThat(received).containsExactly(9);
        send(3);
        network.unblock("c", "s");
        run(1);
        assertThat(received).containsExactly(9, 1, 2, 3);
    }

    @Test
    void shouldTellOfAKilledProcessAndNotOfAMachineWithoutPower() {
        connect();
        server.kill();
        network.powerOff("s");
        run(5);
        assertThat(closed).isEmpty();
        network.powerOn("s");
        run(1);
        assertThat(closed).containsExactly("client");
    }

    @Test
    void shouldRefuseWhereNobodyListens() {
        connect();
        server.kill();
        network.died(server);
        run(1);
        assertThat(closed).containsExactly("client");
        List<Object> outcomes = new ArrayList<>();
        network.connect(client, "c", "s", 9092, outcomes::add);
        run(1);
        assertThat(outcomes).containsExactly(new SimulatedNetwork.Connected.Refused());
    }

    @Test
    void shouldLoseAnswersOfAConnectionThatBreaks() {
        connect();
        send(1);
        serverEnd.send(new byte[] {9});
        network.links().getFirst().reset(true);
        run(1);
        assertThat(received).containsExactly(1);
        assertThat(closed).containsExactlyInAnyOrder("client", "server");
    }
}
