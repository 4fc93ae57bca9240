package io.ottla.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.replication.CatchUp;
import io.ottla.zookeeper.SessionStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class BrokerProcessTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    private final TestingBroker broker = new TestingBroker();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final BrokerProcess process = new BrokerProcess(() -> broker, ends::add);
    private final TestingClock clock = new TestingClock();
    private final BrokerReadiness readiness = new BrokerReadiness(process, PATIENCE, clock);

    @AfterEach
    void close() {
        process.close();
    }

    @Test
    void shouldNotBeReadyWhileItStarts() throws InterruptedException {
        // given
        broker.session = null;
        process.begin();

        // when
        boolean serves = process.await(AT_ONCE);

        // then
        assertThat(serves).isFalse();
        assertThat(readiness.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(new ZooKeeperSession(process).health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void shouldBeAliveWhileItStartsAsLongAsItHasASession() {
        // given
        broker.session = null;
        process.begin();
        assertThat(liveness()).isEqualTo(Status.DOWN);

        // when, then
        broker.session = new SessionStatus(SessionStatus.State.CONNECTED, 0);
        await().until(() -> liveness().equals(Status.UP));
        broker.session = new SessionStatus(SessionStatus.State.DISCONNECTED, 0);
        assertThat(liveness()).isEqualTo(Status.UP);
        broker.session = new SessionStatus(SessionStatus.State.NONE, 0);
        assertThat(liveness()).isEqualTo(Status.DOWN);
    }

    @Test
    void shouldBeAliveWhileItRecoversWhateverBecomesOfZooKeeper() {
        // given
        process.begin();
        await().until(() -> process.state() == RunningBroker.State.STARTING && process.zooKeeper() != null);

        // when
        broker.state = RunningBroker.State.RECOVERING;
        broker.session = new SessionStatus(SessionStatus.State.NONE, 0);

        // then
        assertThat(liveness()).isEqualTo(Status.UP);
        assertThat(readiness.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void shouldLiveOnlyAsLongAsOtherBrokersCanConnectOnceItServes() throws InterruptedException {
        // given
        serve();
        broker.session = new SessionStatus(SessionStatus.State.NONE, 0);
        assertThat(liveness()).isEqualTo(Status.UP);

        // when
        broker.listening = false;

        // then
        assertThat(liveness()).isEqualTo(Status.DOWN);
    }

    @Test
    void shouldBeReadyOnceItsCopiesAreInSyncAndStaySo() throws InterruptedException {
        // given
        broker.catchUp = new CatchUp(1, 2);
        serve();
        Health behind = readiness.health();
        assertThat(behind.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(behind.getDetails()).containsEntry("opening", 1).containsEntry("behind", 2);

        // when
        broker.catchUp = new CatchUp(0, 0);
        assertThat(readiness.health().getStatus()).isEqualTo(Status.UP);

        // then   what happens to copies later takes no clients away
        broker.catchUp = new CatchUp(0, 2);
        assertThat(readiness.health().getStatus()).isEqualTo(Status.UP);

        // but    the stop does
        broker.state = RunningBroker.State.STOPPING;
        assertThat(readiness.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    }

    @Test
    void shouldBeReadyAllTheSameWhenCopiesTakeTooLong() throws InterruptedException {
        // given
        broker.catchUp = new CatchUp(0, 1);
        serve();
        assertThat(readiness.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);

        // when, then
        clock.nowNs += PATIENCE.toNanos() - 1;
        assertThat(readiness.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        clock.nowNs++;
        assertThat(readiness.health().getStatus()).isEqualTo(Status.UP);
    }

    private void serve() throws InterruptedException {
        broker.mayStart.countDown();
        process.begin();
        assertThat(process.await(SOON)).isTrue();
    }

    private Status liveness() {
        return new BrokerLiveness(process).health().getStatus();
    }

    @Test
    void shouldBeReadyOnceItServes() throws InterruptedException {
        // given
        broker.mayStart.countDown();
        process.begin();

        // when
        boolean serves = process.await(SOON);

        // then
        assertThat(serves).isTrue();
        assertThat(readiness.health().getStatus()).isEqualTo(Status.UP);
        assertThat(new ZooKeeperSession(process).health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void shouldStayReadyWithoutZooKeeperAndSayHowItsSessionStands() throws InterruptedException {
        // given
        broker.mayStart.countDown();
        process.begin();
        process.await(SOON);

        // when
        broker.session = new SessionStatus(SessionStatus.State.DISCONNECTED, 1_000);
        Health disconnected = new ZooKeeperSession(process).health();
        broker.session = new SessionStatus(SessionStatus.State.NONE, 9_000);
        Health lost = new ZooKeeperSession(process).health();

        // then
        assertThat(disconnected.getStatus()).isEqualTo(Status.UP);
        assertThat(disconnected.getDetails()).containsEntry("session", "connection lost since 1970-01-01T00:00:01Z");
        assertThat(readiness.health().getStatus()).isEqualTo(Status.UP);
        assertThat(lost.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(lost.getDetails()).containsEntry("session", "none since 1970-01-01T00:00:09Z");
    }

    @Test
    void shouldSayWhyItCanNotStart() {
        // given
        broker.failure = new StartFailure("listeners: 9092 is in use");
        broker.mayStart.countDown();
        process.begin();

        // when, then
        assertThatThrownBy(() -> process.await(SOON))
                .isInstanceOf(StartFailure.class)
                .hasMessage("listeners: 9092 is in use");
        assertThat(new BrokerLiveness(process).health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void shouldNameAnUnexpectedFailure() {
        // given
        broker.failure = new IllegalStateException("surprise");
        broker.mayStart.countDown();
        process.begin();

        // when, then
        assertThatThrownBy(() -> process.await(SOON))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("surprise");
    }

    @Test
    void shouldTellWhoeverEndsTheProcessThatTheBrokerIsLost() throws InterruptedException {
        // given
        broker.mayStart.countDown();
        process.begin();
        process.await(SOON);

        // when
        broker.lost.complete("all log folders have failed");

        // then
        assertThat(ends).containsExactly("all log folders have failed");
    }

    @Test
    void shouldInterruptAStartThatIsToldToStop() {
        // given
        process.begin();

        // when
        process.close();

        // then
        assertThat(broker.closes).isEqualTo(1);
        assertThat(process.state()).isEqualTo(RunningBroker.State.STOPPED);
        assertThatThrownBy(() -> process.await(SOON)).isInstanceOf(StartFailure.class);
    }

    @Test
    void shouldCloseOnceHoweverOftenItIsTold() throws InterruptedException {
        // given
        broker.mayStart.countDown();
        process.begin();
        process.await(SOON);

        // when
        process.close();
        process.close();

        // then
        assertThat(broker.closes).isEqualTo(1);
    }

    @Test
    void shouldLetTheWebServerStartWhenTheBrokerTakesLongAndReportALateFailure() throws InterruptedException {
        // given
        var late = new java.util.concurrent.CountDownLatch(1);
        BrokerLifecycle lifecycle = new BrokerLifecycle(process, Duration.ofMillis(50), late::countDown);

        // when
        lifecycle.start();

        // then
        assertThat(lifecycle.isRunning()).isTrue();
        broker.failure = new StartFailure("no");
        broker.mayStart.countDown();
        assertThat(late.await(SOON.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
                .isTrue();
    }
}
