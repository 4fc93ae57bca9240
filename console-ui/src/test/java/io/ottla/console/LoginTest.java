package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ottla.console.Routes.Route;
import java.net.HttpCookie;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

@ExtendWith(OutputCaptureExtension.class)
class LoginTest {
    private static final String WRONG = "wrong-password";

    /** Routes that answer without a login. */
    private static final Set<String> OPEN = Set.of("GET /login");

    private static final TestingCluster cluster = new TestingCluster();

    @TempDir
    static Path shared;

    private static TestingConsole console;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        console = TestingConsole.start(TestingPassword.in(shared), cluster);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void forget() {
        console.forgetCookies();
        cluster.topics.clear();
        cluster.with("orders", 3);
    }

    @Test
    void shouldMakeAPasswordSayItOnceAndKeepOnlyItsHash(CapturedOutput output) throws Exception {
        // given
        Path fresh = folder.resolve("fresh").resolve("console");

        // when
        String password;
        try (TestingConsole first = TestingConsole.start(fresh, cluster)) {
            password = output.getOut().replaceAll("(?s).*with the password (\\S+).*", "$1");
            assertThat(first.logIn(password).headers().firstValue("Location")).contains("/");
        }
        int said = output.getOut().split(password, -1).length - 1;
        try (TestingConsole second = TestingConsole.start(fresh, cluster)) {
            assertThat(second.logIn(password).headers().firstValue("Location")).contains("/");
        }

        // then
        assertThat(password).matches("([a-z2-9]{4}-){6}[a-z2-9]{4}");
        assertThat(said).isOne();
        assertThat(output.getOut().split(password, -1).length - 1).isOne();
        Path file = fresh.resolve("state/people/admin");
        assertThat(Files.readString(file)).contains("{bcrypt}$2a$10$").doesNotContain(password);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldTakeThePasswordThatTheOperatorGivesAndKeepNothingOfIt(CapturedOutput output) throws Exception {
        // given  the end of a line behind it, as files of secrets have
        Map<String, String> plain = Map.of("console.admin.password", "given-password\n");
        Map<String, String> hashed =
                Map.of("console.admin.password", "{bcrypt}" + new BCryptPasswordEncoder(4).encode("hashed-password"));
        Path fresh = folder.resolve("fresh");

        // when, then
        try (TestingConsole given = TestingConsole.start(fresh, cluster, plain)) {
            assertThat(given.logIn("given-password").headers().firstValue("Location"))
                    .contains("/");
            given.forgetCookies();
            assertThat(given.logIn(WRONG).headers().firstValue("Location").orElseThrow())
                    .contains("failed");
        }
        try (TestingConsole given = TestingConsole.start(fresh, cluster, hashed)) {
            assertThat(given.logIn("hashed-password").headers().firstValue("Location"))
                    .contains("/");
        }
        assertThat(fresh.resolve("state/people")).doesNotExist();
        assertThat(output.getOut()).doesNotContain("given-password", "with the password ");
        assertThatThrownBy(() -> TestingConsole.start(fresh, cluster, Map.of("console.admin.password", "short")))
                .rootCause()
                .hasMessageContaining("console.admin.password: Expected 8 characters to 72 bytes");
    }

    @Test
    void shouldLetNobodyInWhenThePasswordCanNotBeKept(CapturedOutput output) throws Exception {
        // given
        Path file = Files.writeString(folder.resolve("occupied"), "x");

        // when
        try (TestingConsole closed = TestingConsole.start(file.resolve("below"), cluster)) {
            // then
            assertThat(closed.logIn("").headers().firstValue("Location")).contains("/login?away");
            assertThat(output.getOut()).contains("Nobody new can log in to the console");
        }
    }

    @Test
    void shouldNotTakeSomethingElseForAHash(CapturedOutput output) throws Exception {
        // given
        Path odd = Files.createDirectory(folder.resolve("odd"));
        Files.writeString(odd.resolve("admin.password"), "plain-text");

        // when
        try (TestingConsole closed = TestingConsole.start(odd, cluster)) {
            // then
            assertThat(closed.logIn("plain-text").headers().firstValue("Location"))
                    .contains("/login?failed");
        }
    }

    @Test
    void shouldRefuseEveryRouteToStrangers() throws Exception {
        // given
        List<Route> routes = routes();
        assertThat(routes).hasSizeGreaterThan(20);

        for (Route route : routes) {
            // when
            HttpResponse<String> answer = console.sendAnonymously(
                    console.request(route.path()).method(route.method(), BodyPublishers.noBody()));

            // then
            if (OPEN.contains(route.toString())) {
                assertThat(answer.statusCode()).describedAs(route.toString()).isEqualTo(200);
            } else if (route.path().contains("/v3/") || route.path().startsWith("/api/v1/")) {
                assertThat(answer.statusCode()).describedAs(route.toString()).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
                assertThat(answer.body()).contains("\"error_code\":401");
            } else {
                assertThat(answer.statusCode()).describedAs(route.toString()).isEqualTo(302);
                assertThat(answer.headers().firstValue("Location"))
                        .hasValueSatisfying(to -> assertThat(to).startsWith("/login"));
            }
            assertThat(answer.headers().map()).doesNotContainKey("Access-Control-Allow-Origin");
            assertThat(String.valueOf(answer.headers().allValues("Set-Cookie"))).doesNotContain("OTTLA_SESSION");
        }
        assertThat(cluster.topics).containsKey("orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nowhere", "/error", "/webjars/htmx.org/2.0.10/dist/htmx.js", "/login/x"})
    void shouldRefuseAllOtherPathsToStrangers(String path) throws Exception {
        assertThat(console.sendAnonymously(console.request(path)).statusCode()).isEqualTo(302);
    }

    @Test
    void shouldRefuseEveryChangeOfASessionWithoutAToken() throws Exception {
        // given
        console.logIn(TestingPassword.PASSWORD);
        List<Route> changes =
                routes().stream().filter(route -> !route.method().equals("GET")).toList();
        assertThat(changes).hasSizeGreaterThan(4);

        for (Route route : changes) {
            // when
            HttpResponse<String> answer = console.send(console.request(route.path())
                    .header("Content-Type", "application/json")
                    .method(route.method(), BodyPublishers.ofString("{\"topic_name\":\"forged\"}")));

            // then
            assertThat(answer.statusCode()).describedAs(route.toString()).isEqualTo(403);
        }
        assertThat(console.post("/logout", Map.of()).statusCode()).isEqualTo(403);
        assertThat(cluster.topics).containsOnlyKeys("orders");
    }

    @Test
    void shouldLetAProgramWithAPasswordChangeThingsButNoForgedRequestOfABrowser() throws Exception {
        // given
        String path = "/v3/clusters/" + TestingCluster.ID + "/topics";

        // when
        HttpResponse<String> program = console.sendAnonymously(creation(path, "by-program"));
        HttpResponse<String> browser =
                console.sendAnonymously(creation(path, "by-browser").header("Sec-Fetch-Site", "cross-site"));

        // then
        assertThat(program.statusCode()).isEqualTo(201);
        assertThat(browser.statusCode()).isIn(401, 403);
        assertThat(browser.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(program.headers().allValues("Set-Cookie").toString()).doesNotContain("OTTLA_SESSION");
        assertThat(cluster.topics).containsOnlyKeys("orders", "by-program");
    }

    private HttpRequest.Builder creation(String path, String topic) {
        return console.request(path)
                .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"topic_name\":\"" + topic + "\"}"));
    }

    @Test
    void shouldGiveASessionThatOnlyThisSiteAndNoScriptCanUse() throws Exception {
        // when
        HttpResponse<String> answer = console.logIn(TestingPassword.PASSWORD);

        // then
        assertThat(answer.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("OTTLA_SESSION=").contains("HttpOnly", "SameSite=Strict"))
                .allSatisfy(cookie -> assertThat(cookie).contains("HttpOnly"));
        assertThat(console.get("/clusters/ottla/brokers").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldEndTheSessionAtLogout() throws Exception {
        // given
        console.logIn(TestingPassword.PASSWORD);
        HttpCookie session = console.cookies().stream()
                .filter(cookie -> cookie.getName().equals("OTTLA_SESSION"))
                .findFirst()
                .orElseThrow();

        // when
        HttpResponse<String> answer = console.submit("/clusters/ottla/brokers", "/logout", Map.of());

        // then
        assertThat(answer.headers().firstValue("Location")).contains("/login?out");
        HttpResponse<String> stolen = console.sendAnonymously(
                console.request("/clusters/ottla/brokers").header("Cookie", "OTTLA_SESSION=" + session.getValue()));
        assertThat(stolen.statusCode()).isEqualTo(302);
    }

    @Test
    void shouldLeadToTheWantedPageAfterTheLoginButNeverElsewhere() throws Exception {
        // when
        HttpResponse<String> asked = console.get("/clusters/ottla/topics?q=a&sort=size");
        String login = console.get(asked.headers().firstValue("Location").orElseThrow())
                .body();
        HttpResponse<String> wanted = logInTo("/clusters/ottla/topics?q=a&sort=size");

        // then
        assertThat(login).contains("name=\"to\" value=\"/clusters/ottla/topics?q=a&amp;sort=size\"");
        assertThat(wanted.headers().firstValue("Location")).contains("/clusters/ottla/topics?q=a&sort=size");
        for (String elsewhere : List.of("//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nX: y")) {
            console.forgetCookies();
            assertThat(logInTo(elsewhere).headers().firstValue("Location")).contains("/");
        }
    }

    private HttpResponse<String> logInTo(String wish) throws Exception {
        return console.submit(
                "/login", "/login", Map.of("username", "admin", "password", TestingPassword.PASSWORD, "to", wish));
    }

    @Test
    void shouldSlowDownWhoGuesses() throws Exception {
        // given
        try (TestingConsole guessed = TestingConsole.start(TestingPassword.in(folder), cluster)) {
            for (int i = 0; i < 10; i++) {
                assertThat(guessed.logIn(WRONG).headers().firstValue("Location"))
                        .contains("/login?failed");
            }

            // when
            HttpResponse<String> form = guessed.logIn(TestingPassword.PASSWORD);
            HttpResponse<String> program = guessed.sendAnonymously(guessed.request("/v3/clusters")
                    .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD)));

            // then
            assertThat(form.headers().firstValue("Location")).contains("/login?wait");
            assertThat(program.statusCode()).isEqualTo(429);
            assertThat(program.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isBetween(1L, 60L);
        }
    }

    @Test
    void shouldLetTokensAndSessionsInWhileSomebodyGuessesPasswordsAtTheSameAddress() throws Exception {
        // given  a session and a token, and wrong tokens, which keep nobody from logging in
        try (TestingConsole guessed = TestingConsole.start(TestingPassword.in(folder), cluster)) {
            for (int i = 0; i < 12; i++) {
                assertThat(call(guessed, "Bearer ottla_" + "x".repeat(43)).statusCode())
                        .isEqualTo(401);
            }
            assertThat(guessed.logIn(TestingPassword.PASSWORD).headers().firstValue("Location"))
                    .contains("/");
            String made = guessed.sendAnonymously(guessed.request("/api/v1/account/tokens")
                            .header("Authorization", TestingConsole.basic(TestingPassword.PASSWORD))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString("{\"label\":\"backup\",\"days\":1}")))
                    .body();
            String token = made.replaceAll("(?s).*(ottla_[A-Za-z0-9_-]+).*", "$1");

            // when
            for (int i = 0; i < 10; i++) {
                assertThat(call(guessed, TestingConsole.basic(WRONG)).statusCode())
                        .isEqualTo(401);
            }

            // then
            assertThat(call(guessed, TestingConsole.basic(TestingPassword.PASSWORD))
                            .statusCode())
                    .isEqualTo(429);
            assertThat(call(guessed, "Bearer " + token).statusCode()).isEqualTo(200);
            assertThat(guessed.get("/clusters/ottla/brokers").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> call(TestingConsole at, String authorization) throws Exception {
        return at.sendAnonymously(at.request("/v3/clusters").header("Authorization", authorization));
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "", "Admin"})
    void shouldKnowOnlyTheAdministrator(String name) throws Exception {
        assertThat(console.submit("/login", "/login", Map.of("username", name, "password", TestingPassword.PASSWORD))
                        .headers()
                        .firstValue("Location"))
                .contains("/login?failed");
    }

    @Test
    void shouldNotLogInWithoutAToken() throws Exception {
        // when
        HttpResponse<String> answer =
                console.post("/login", Map.of("username", "admin", "password", TestingPassword.PASSWORD));

        // then
        assertThat(answer.headers().firstValue("Location")).contains("/login");
        assertThat(console.get("/clusters/ottla/brokers").statusCode()).isEqualTo(302);
    }

    @Test
    void shouldSendHeadersThatForbidFramesInlineScriptAndGuessing() throws Exception {
        // given
        console.logIn(TestingPassword.PASSWORD);

        for (String path : List.of("/clusters/ottla/brokers", "/nowhere", "/v3/clusters", "/assets/console.css")) {
            // when
            Map<String, List<String>> headers = console.get(path).headers().map();

            // then
            assertThat(headers.get("content-security-policy"))
                    .singleElement()
                    .asString()
                    .contains("default-src 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(headers)
                    .containsEntry("x-content-type-options", List.of("nosniff"))
                    .containsEntry("referrer-policy", List.of("no-referrer"))
                    .containsEntry("x-frame-options", List.of("DENY"));
        }
    }

    @Test
    void shouldRefuseToBeAskedFromOtherSites() throws Exception {
        // when
        HttpResponse<String> preflight = console.sendAnonymously(console.request("/v3/clusters")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "GET")
                .method("OPTIONS", BodyPublishers.noBody()));

        // then
        assertThat(preflight.statusCode()).isEqualTo(403);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    @Test
    void shouldSendHtmxToTheLoginWhenTheSessionIsOver() throws Exception {
        // when
        HttpResponse<String> answer = console.sendAnonymously(
                console.request("/clusters/ottla/brokers").header("HX-Request", "true"));

        // then
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("HX-Redirect")).contains("/login");
    }

    /** All routes that Spring knows, with something in the place of variables. */
    private static List<Route> routes() {
        return Routes.of(console).stream()
                .map(route ->
                        new Route(route.method(), route.path().replaceAll("\\{\\w+(?::(?:[^{}]|\\{[^}]*})*)?}", "1")))
                .toList();
    }
}
