package io.ottla.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A node of Kubernetes as far as a test can be one: pods run as processes, from a folder that is laid out as the image's
 * Dockerfile says and stands in for their root. What the manifests say is kept, but for three translations, which are done in all
 * texts alike: the DNS name and port of a pod become the loopback address and a port of its own, ports that are listened at become
 * that port, and paths in the container begin with the folder.
 */
final class TestingNode implements AutoCloseable {
    private static final Pattern ENV = Pattern.compile("([A-Z_]+)=(?:\"([^\"]*)\"|(\\S+))");
    private static final Pattern LISTENER = Pattern.compile("(?<=[A-Z]://):(\\d+)");
    private static final String CONTAINER = "/opt/ottla/";

    private final Path folder;
    private final String clusterDomain;
    private final Map<String, Pod> pods = new TreeMap<>();
    /** By pod and port. */
    private final Map<String, Integer> ports = new HashMap<>();

    /** What the image brings. */
    private final Set<Path> laidOut = new HashSet<>();

    private final Map<String, Process> running = new HashMap<>();
    private final Map<String, String> imageEnvironment = new HashMap<>();
    private List<String> entryPoint = List.of();

    TestingNode(Path folder, Manifests manifests, String clusterDomain) throws IOException {
        this.folder = folder;
        this.clusterDomain = clusterDomain;
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (Pod pod : Pod.of(manifests)) {
                pods.put(pod.name, pod);
                for (ContainerPort port : pod.container().getPorts()) {
                    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    taken.add(socket);
                    ports.put(pod.name + ":" + port.getContainerPort(), socket.getLocalPort());
                }
            }
        } finally {
            for (ServerSocket socket : taken) {
                socket.close();
            }
        }
        readDockerfile();
        for (Pod pod : pods.values()) {
            layOut(root(pod));
            try (Stream<Path> files = Files.walk(root(pod))) {
                files.forEach(laidOut::add);
            }
        }
    }

    private Path root(Pod pod) {
        return folder.resolve(pod.name);
    }

    private static List<String> dockerfile() throws IOException {
        return Files.readString(Chart.REPOSITORY.resolve("Dockerfile"))
                .replace("\\\n", " ")
                .lines()
                .toList();
    }

    private void readDockerfile() throws IOException {
        for (String line : dockerfile()) {
            if (line.startsWith("ENV ")) {
                Matcher variables = ENV.matcher(line);
                while (variables.find()) {
                    imageEnvironment.put(
                            variables.group(1), variables.group(2) == null ? variables.group(3) : variables.group(2));
                }
            } else if (line.startsWith("ENTRYPOINT ")) {
                entryPoint = Arrays.asList(
                        new JsonMapper().readValue(line.substring("ENTRYPOINT ".length()), String[].class));
            }
        }
        assertThat(entryPoint).isNotEmpty();
    }

    /** As the image has it, but for the jar: a {@code java} stands in that runs the classes of this build. */
    private static void layOut(Path root) throws IOException {
        Path home = Files.createDirectories(root.resolve("opt/ottla"));
        for (String line : dockerfile()) {
            if (line.startsWith("COPY --chown") && !line.contains("--from=")) {
                List<String> words = Arrays.stream(line.split(" "))
                        .skip(1)
                        .filter(word -> !word.startsWith("--"))
                        .toList();
                Path target =
                        Files.createDirectories(home.resolve(words.getLast()).normalize());
                for (String source : words.subList(0, words.size() - 1)) {
                    Path from = Chart.REPOSITORY.resolve(source);
                    Files.copy(from, target.resolve(from.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/ottla.jar"), "");
        Path java = Files.createDirectories(root.resolve("jre/bin")).resolve("java");
        Files.writeString(root.resolve("jre/release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.writeString(java, """
                #!/usr/bin/env bash
                options=()
                while [ "$1" != -jar ]; do options+=("$1"); shift; done
                shift 2
                exec "$REAL_JAVA" "${options[@]}" -XX:TieredStopAtLevel=1 --add-opens=java.base/java.nio=ALL-UNNAMED \\
                    -cp "$CLASSES" io.ottla.app.OttlaApplication "$@"
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
    }

    /** Where a port of a pod is here. */
    String address(Pod pod, String portName) {
        return "127.0.0.1:" + port(pod, new IntOrString(portName));
    }

    private int port(Pod pod, IntOrString port) {
        for (ContainerPort candidate : pod.container().getPorts()) {
            if (candidate.getName().equals(port.getStrVal())
                    || candidate.getContainerPort().equals(port.getIntVal())) {
                return ports.get(pod.name + ":" + candidate.getContainerPort());
            }
        }
        throw new IllegalArgumentException("Expected a port of " + pod + ", but got " + port);
    }

    void start(Pod pod) throws IOException {
        Process before = running.get(pod.name);
        assertThat(before == null || !before.isAlive()).isTrue();
        Path root = root(pod);
        for (VolumeMount mount : pod.container().getVolumeMounts()) {
            Path place = inContainer(root, mount.getMountPath());
            if (mount.getSubPathExpr() != null) {
                assertThat(mount.getSubPathExpr()).isEqualTo("$(POD_NAME).properties");
                Files.createDirectories(place.getParent());
                Files.writeString(place, translated(pod, pod.file()));
            } else {
                Files.createDirectories(place);
            }
        }
        List<String> asked = pod.container().getCommand().isEmpty()
                ? entryPoint
                : pod.container().getCommand();
        ProcessBuilder builder = new ProcessBuilder(
                        asked.stream().map(word -> placed(root, word)).toList())
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(pod).toFile()));
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name -> name.startsWith("KAFKA_") || name.startsWith("OTTLA_") || name.startsWith("SERVER_"));
        environment.putAll(imageEnvironment);
        pod.container().getEnv().forEach(variable -> environment.put(variable.getName(), value(pod, variable)));
        environment.put("CONTAINER_ROOT", root.toString());
        environment.put("JAVA_HOME", root.resolve("jre").toString());
        environment.put(
                "REAL_JAVA",
                Path.of(System.getProperty("java.home"), "bin/java").toString());
        environment.put("CLASSES", System.getProperty("java.class.path"));
        environment.put("SERVER_ADDRESS", "127.0.0.1");
        running.put(pod.name, builder.start());
    }

    private static String value(Pod pod, EnvVar variable) {
        if (variable.getValueFrom() == null) {
            return variable.getValue();
        }
        assertThat(variable.getValueFrom().getFieldRef().getFieldPath()).isEqualTo("metadata.name");
        return pod.name;
    }

    private Path log(Pod pod) {
        return folder.resolve(pod.name + ".log");
    }

    String output(Pod pod) {
        try {
            return Files.readString(log(pod));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path inContainer(Path root, String path) {
        return root.resolve(path.substring(1));
    }

    private static String placed(Path root, String word) {
        return word.startsWith("/") ? inContainer(root, word).toString() : word;
    }

    private String translated(Pod pod, String text) {
        String now = text;
        for (Pod peer : pods.values()) {
            Matcher addresses = Pattern.compile(Pattern.quote(peer.host(clusterDomain)) + "((?:[:;]\\d+)+)")
                    .matcher(now);
            now = addresses.replaceAll(found -> "127.0.0.1" + translatedPorts(peer, found.group(1)));
        }
        now = LISTENER.matcher(now).replaceAll(found -> "127.0.0.1:" + port(pod, number(found.group(1))));
        now = Pattern.compile("(?m)^(server\\.port|clientPort)=(\\d+)$")
                .matcher(now)
                .replaceAll(found -> found.group(1) + "=" + port(pod, number(found.group(2))));
        return now.replaceAll(
                "(?<=[=,])(?=/var/lib/)", Matcher.quoteReplacement(root(pod).toString()));
    }

    /** As {@code :2888:3888;2181}. A server of ZooKeeper listens on the loopback address too, where it is to say one. */
    private String translatedPorts(Pod peer, String text) {
        return Pattern.compile("([:;])(\\d+)")
                .matcher(text)
                .replaceAll(found ->
                        (found.group(1).equals(";") ? ";127.0.0.1:" : ":") + port(peer, number(found.group(2))));
    }

    private static IntOrString number(String text) {
        return new IntOrString(Integer.parseInt(text));
    }

    /** What a pod has written where the root of its container is read-only. */
    List<Path> writtenOutsideOfVolumes(Pod pod) throws IOException {
        Path root = root(pod);
        List<Path> volumes = pod.container().getVolumeMounts().stream()
                .map(mount -> inContainer(root, mount.getMountPath()))
                .toList();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !laidOut.contains(file))
                    .filter(file -> volumes.stream().noneMatch(file::startsWith))
                    .toList();
        }
    }

    /** What the kubelet would find. */
    boolean succeeds(Pod pod, Probe probe) {
        assertThat(running.get(pod.name).isAlive()).as(output(pod)).isTrue();
        try {
            if (probe.getHttpGet() != null) {
                return answer(pod, probe.getHttpGet()) < 400;
            }
            if (probe.getTcpSocket() != null) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(
                            "127.0.0.1", port(pod, probe.getTcpSocket().getPort())));
                    return true;
                }
            }
            return runs(pod, probe.getExec().getCommand());
        } catch (IOException refused) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private int answer(Pod pod, HTTPGetAction get) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port(pod, get.getPort()) + get.getPath()))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }

    private boolean runs(Pod pod, List<String> command) throws IOException, InterruptedException {
        List<String> words = command.stream()
                .map(word -> word.matches("\\d+") ? Integer.toString(port(pod, number(word))) : placed(root(pod), word))
                .toList();
        assertThat(command.getFirst()).startsWith(CONTAINER);
        Process asks = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return asks.waitFor(30, TimeUnit.SECONDS) && asks.exitValue() == 0;
    }

    /** Whether it has started, and may be sent clients. */
    boolean isReady(Pod pod) {
        Probe startup = pod.container().getStartupProbe();
        return succeeds(pod, startup) && succeeds(pod, pod.container().getReadinessProbe());
    }

    /** As for a pod that is deleted. Returns its exit code, within the time that it has. */
    int terminate(Pod pod) throws InterruptedException {
        Process process = running.get(pod.name);
        process.destroy();
        assertThat(process.waitFor(pod.spec().getTerminationGracePeriodSeconds(), TimeUnit.SECONDS))
                .as(output(pod))
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        running.values().forEach(Process::destroyForcibly);
        running.values().forEach(process -> process.onExit().join());
    }
}
