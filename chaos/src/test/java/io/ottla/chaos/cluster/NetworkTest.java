package io.ottla.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host 2 sends back what it gets; host 1 dials it, and so does host 3. */
class NetworkTest {
    private static final int SHORT_MS = 300;
    private static final int LONG_MS = 60_000;

    @TempDir
    private Path folder;

    private final BlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();
    private ServerSocket echo;
    private Thread server;
    private Network network;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        server = Thread.ofVirtual().start(this::serve);
        network = new Network(List.of(1, 2, 3), Map.of(2, echo.getLocalPort()));
        network.lookAt(2);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        network.close();
        stopListening();
    }

    /** The port refuses whoever dials it when nobody waits at it any more. */
    private void stopListening() throws IOException, InterruptedException {
        echo.close();
        server.join();
    }

    private void serve() {
        while (true) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> echo(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                arrived.add(b);
                socket.getOutputStream().write(b);
            }
        } catch (IOException broken) {
            // The test is over, or broke it.
        }
    }

    private Socket dial(int from) throws IOException {
        Socket socket = new Socket();
        socket.connect(network.address(from, 2), LONG_MS);
        socket.setSoTimeout(LONG_MS);
        return socket;
    }

    private static int ask(Socket socket, int question) throws IOException {
        socket.getOutputStream().write(question);
        return socket.getInputStream().read();
    }

    @Test
    void shouldCarryWhatIsSentBothWays() throws IOException {
        try (Socket socket = dial(1)) {
            assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("127.0.1.2");
            assertThat(ask(socket, 7)).isEqualTo(7);
            assertThat(ask(socket, 8)).isEqualTo(8);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void shouldHoldBackWhatIsSentDuringACutAndNobodyElses() throws IOException, InterruptedException {
        try (Socket cut = dial(1);
                Socket other = dial(3)) {
            assertThat(ask(cut, 1)).isEqualTo(1);
            network.cut(1, 2);
            network.cut(2, 1);
            cut.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> ask(cut, 2)).isInstanceOf(SocketTimeoutException.class);
            assertThat(ask(other, 3)).isEqualTo(3);
            assertThat(arrived).containsExactly(1, 3);

            network.heal(1, 2, true);
            cut.setSoTimeout(LONG_MS);
            assertThat(cut.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void shouldCutOneWayAlone() throws IOException, InterruptedException {
        try (Socket socket = dial(1)) {
            assertThat(ask(socket, 1)).isEqualTo(1);
            network.cut(2, 1);
            socket.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> ask(socket, 2)).isInstanceOf(SocketTimeoutException.class);
            assertThat(arrived.take()).isEqualTo(1);
            assertThat(arrived.take()).isEqualTo(2);
        }
    }

    @Test
    void shouldGiveWhoDialsDuringACutNoAnswerUntilItIsHealed() throws IOException {
        network.cut(1, 2);
        try (Socket socket = dial(1)) {
            socket.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> ask(socket, 1)).isInstanceOf(SocketTimeoutException.class);
            network.heal(1, 2, true);
            socket.setSoTimeout(LONG_MS);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void shouldResetConnectionsWhereTheyAreNotToGoOn() throws IOException {
        try (Socket socket = dial(1)) {
            assertThat(ask(socket, 1)).isEqualTo(1);
            network.cut(1, 2);
            network.heal(1, 2, false);
            assertThatThrownBy(() -> ask(socket, 2)).isInstanceOf(SocketException.class);
        }
        try (Socket socket = dial(1)) {
            assertThat(ask(socket, 3)).isEqualTo(3);
        }
    }

    @Test
    void shouldRefuseWhoDialsAHostThatDoesNotListen() throws IOException, InterruptedException {
        InetSocketAddress address = network.address(1, 2);
        stopListening();
        network.lookAt(2);

        assertThatThrownBy(() -> dial(1)).isInstanceOf(ConnectException.class);

        try (ServerSocket again = new ServerSocket(address.getPort(), 10, InetAddress.getByName("127.0.0.1"))) {
            network.lookAt(2);
            try (Socket socket = dial(1)) {
                assertThat(socket.isConnected()).isTrue();
                assertThat(again.accept().isConnected()).isTrue();
            }
        }
    }

    @Test
    void shouldHaveClosedTheDoorOfADeadHostBeforeItsConnectionsBreak() throws IOException, InterruptedException {
        try (Socket socket = dial(1)) {
            assertThat(ask(socket, 1)).isEqualTo(1);
            stopListening();
            socket.shutdownOutput(); // has the server end the connection
            assertThat(socket.getInputStream().read()).isNegative();

            assertThatThrownBy(() -> dial(1)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void shouldNotRefuseWhoIsCutOffFromADeadHost() throws IOException, InterruptedException {
        network.cut(1, 2);
        stopListening();
        network.lookAt(2);

        try (Socket socket = dial(1)) {
            socket.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> ask(socket, 1)).isInstanceOf(SocketTimeoutException.class);
        }
        assertThatThrownBy(() -> dial(3)).isInstanceOf(ConnectException.class);
    }

    @Test
    void shouldTellEachHostWhereItDialsTheOthers() throws IOException {
        assertThat(Files.readAllLines(network.hostsFile(1, folder)))
                .containsExactlyInAnyOrder("127.0.0.1 localhost", "127.0.0.1 peer-1", "127.0.1.2 peer-2");
    }
}
