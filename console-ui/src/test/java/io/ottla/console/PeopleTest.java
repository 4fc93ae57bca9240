package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.ottla.console.access.Needs;
import io.ottla.console.state.ConsoleStore;
import io.ottla.console.state.TestingStore;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Two consoles over one store: what is done at one holds at the other. */
class PeopleTest {
    private static final Pattern MADE = Pattern.compile("id=\"made\">([^<]+)<");

    /** What everybody who is logged in may send, since it is about himself. */
    private static final Set<String> OWN = Set.of(
            "POST /preferences",
            "POST /account/password",
            "POST /account/tokens",
            "POST /account/tokens/remove",
            "POST /account/sessions",
            "PUT /api/v1/account/password",
            "POST /api/v1/account/tokens",
            "DELETE /api/v1/account/tokens/{id}",
            "DELETE /api/v1/account/sessions");

    /** What an administrator of some topics may not do. */
    private static final Map<String, String> OF_THE_WHOLE_CLUSTER = Map.of(
            "PUT /broker-configs/log.retention.hours", "{\"value\":\"9\"}",
            "PUT /brokers/1/configs/log.retention.hours", "{\"value\":\"9\"}",
            "POST /quotas", "{\"entity\":[{\"type\":\"user\",\"name\":\"a\"}],\"limits\":{\"producer_byte_rate\":9}}",
            "GET /scram-users", "",
            "PUT /scram-users/a/SCRAM-SHA-512", "{\"password\":\"long-enough\"}",
            "POST /transactions/t/abort", "{}",
            "PUT /throttle", "{\"bytes_per_second\":1}",
            "DELETE /brokers/9", "");

    private static final Map<String, String> SETTINGS = Map.of(
            "console.admin.password", TestingPassword.PASSWORD,
            "console.users.victor.password", "victors-password",
            "console.users.victor.role", "viewer",
            "console.users.olga.password", "olgas-password",
            "console.users.olga.role", "operator",
            "console.users.olga.topics", "orders-*, payments",
            "console.users.bea.password", "beas-password",
            "console.users.bea.role", "admin",
            "console.users.bea.topics", "orders-*");

    private static final TestingStore store = new TestingStore();
    private static final TestingCluster cluster = new TestingCluster();

    @TempDir
    static Path folder;

    private static TestingConsole first;
    private static TestingConsole second;

    @BeforeAll
    static void start() {
        first = console();
        second = console();
    }

    private static TestingConsole console() {
        return TestingConsole.start(
                folder, cluster, SETTINGS, generic -> generic.registerBean(ConsoleStore.class, () -> store));
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @BeforeEach
    void forget() {
        store.away = false;
        first.forgetCookies();
        second.forgetCookies();
        cluster.topics.clear();
        cluster.with("orders-eu", 3).with("payments", 1).with("secret", 1);
    }

    private static void admin(TestingConsole console) throws Exception {
        assertThat(console.logIn(TestingPassword.PASSWORD).headers().firstValue("Location"))
                .contains("/");
    }

    private static HttpResponse<String> add(String name, String password, String role) throws Exception {
        return first.submit(
                "/people/add",
                "/people/add",
                Map.of("name", name, "password", password, "role", role, "clusters", "*", "topics", "", "groups", ""));
    }

    @Test
    void shouldRefuseAViewerEveryChange() throws Exception {
        // given
        first.logIn("victor", "victors-password");
        String token = TestingConsole.token(first.get("/account").body());
        List<Routes.Route> changes = Routes.of(first).stream()
                .filter(route -> !route.method().equals("GET"))
                .filter(route -> !OWN.contains(route.toString()))
                .toList();
        assertThat(changes).hasSizeGreaterThan(8);

        List<String> allowed = new ArrayList<>();
        for (Routes.Route route : changes) {
            // when
            boolean api = route.path().startsWith("/v3")
                    || route.path().startsWith("/api")
                    || route.path().startsWith("/kafka");
            HttpResponse<String> answer = api
                    ? first.sendAnonymously(first.request(Routes.filled(route.path())
                                    + (route.method().equals("DELETE") ? Routes.QUERY : ""))
                            .header("Authorization", TestingConsole.basic("victor", "victors-password"))
                            .header("Content-Type", "application/json")
                            .method(route.method(), BodyPublishers.ofString(Routes.body(route))))
                    : first.post(Routes.filled(route.path()), withToken(token, Routes.FIELDS));

            // then
            if (answer.statusCode() != 403) {
                allowed.add(route + ": " + answer.statusCode() + " "
                        + answer.body().lines().findFirst().orElse(""));
            }
        }
        assertThat(allowed).isEmpty();
        assertThat(cluster.topics).containsOnlyKeys("orders-eu", "payments", "secret");
    }

    @Test
    void shouldSayOfEveryChangeWhichRoleItNeeds() {
        var mapping = first.context().getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        List<String> silent = new ArrayList<>();
        mapping.getHandlerMethods().forEach((info, method) -> {
            boolean changes = info.getMethodsCondition().getMethods().stream()
                    .anyMatch(verb -> verb != RequestMethod.GET && verb != RequestMethod.HEAD);
            boolean own = info.getPatternValues().stream()
                    .anyMatch(path -> path.startsWith("/preferences")
                            || info.getMethodsCondition().getMethods().stream()
                                    .allMatch(verb -> OWN.contains(verb + " " + path)));
            if (changes
                    && !own
                    && method.getBeanType().getName().startsWith("io.ottla")
                    && method.getMethodAnnotation(Needs.class) == null) {
                silent.add(info + " " + method);
            }
        });

        assertThat(silent).isEmpty();
    }

    private static Map<String, String> withToken(String token, Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("_csrf", token);
        return all;
    }

    @Test
    void shouldShowPeopleAndTheTrailToAdministratorsAlone() throws Exception {
        first.logIn("olga", "olgas-password");

        assertThat(first.get("/people").statusCode()).isEqualTo(403);
        assertThat(first.get("/people/add").statusCode()).isEqualTo(403);
        assertThat(first.get("/people/of/victor").statusCode()).isEqualTo(403);
        assertThat(first.get("/clusters").body()).doesNotContain("href=\"/people\"", "href=\"/audit\"");
    }

    @Test
    void shouldShowSomebodyOfTheConfigurationWhatHisPatternsName() throws Exception {
        // when
        second.logIn("olga", "olgas-password");
        String topics = second.get("/clusters/ottla/topics").body();

        // then
        assertThat(topics).contains("orders-eu", "payments").doesNotContain("secret");
        assertThat(second.get("/clusters/ottla/topics/secret").statusCode()).isEqualTo(404);
        assertThat(second.get("/account").body()).contains("operator", "orders-*, payments");
    }

    @Test
    void shouldSayWhichTopicsSomebodyMayMake() throws Exception {
        // given
        String olga = TestingConsole.basic("olga", "olgas-password");
        String topics = "/v3/clusters/" + TestingCluster.ID + "/topics";
        String said =
                "The role of olga allows this for some names alone: create a topic. These are: orders-*, payments.";

        // when, then   whether it is there or not
        for (String name : List.of("other", "secret")) {
            HttpResponse<String> answer = call("POST", topics, olga, "{\"topic_name\":\"" + name + "\"}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
            assertThat(answer.body()).contains("\"error_code\":40302", said);
        }
        first.logIn("olga", "olgas-password");
        String form = "/clusters/ottla/create-topic";
        HttpResponse<String> page = first.submit(form, form, Map.of("name", "other", "partitions", "7"));
        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.body()).contains(said, "value=\"other\"", "value=\"7\"");
        assertThat(cluster.topics).doesNotContainKey("other");
        assertThat(call("POST", topics, olga, "{\"topic_name\":\"__other\"}").body())
                .contains("It wants the role admin");
    }

    @Test
    void shouldLetSomebodyInAtTheOtherConsoleWhoWasAddedAtThis() throws Exception {
        // given
        admin(first);
        HttpResponse<String> added = add("alice@example.net", "alices-password", "operator");
        assertThat(added.headers().firstValue("Location")).contains("/people?added=alice@example.net");
        assertThat(first.get("/people?added=alice@example.net").body())
                .contains("alice@example.net can log in now", "olga", "victor", "admin");

        // when
        second.logIn("alice@example.net", "alices-password");

        // then   his session is good at both, and there is none of the web server
        assertThat(second.get("/clusters/ottla/brokers").statusCode()).isEqualTo(200);
        first.takeCookiesOf(second);
        assertThat(first.get("/clusters/ottla/brokers").statusCode()).isEqualTo(200);
        assertThat(second.cookies())
                .extracting(cookie -> cookie.getName())
                .containsExactlyInAnyOrder("OTTLA_SESSION", "OTTLA_CSRF");

        // when   he logs out there
        first.submit("/clusters/ottla/brokers", "/logout", Map.of());

        // then
        await().until(() -> second.get("/clusters/ottla/brokers").statusCode() == 302);
    }

    @Test
    void shouldEndSessionsOfWhomIsChangedOrRemoved() throws Exception {
        // given
        admin(first);
        add("bob", "bobs-password", "viewer");
        second.logIn("bob", "bobs-password");
        assertThat(second.get("/account").body()).contains("viewer");

        // when   he is made an operator
        first.submit("/people/of/bob", "/people/of/bob/grants", Map.of("role", "operator", "clusters", "*"));

        // then
        await().until(() -> second.get("/account").statusCode() == 302);
        second.logIn("bob", "bobs-password");
        assertThat(second.get("/account").body()).contains("operator");

        // when   he is removed
        assertThat(first.submit("/people/of/bob", "/people/of/bob/remove", Map.of())
                        .headers()
                        .firstValue("Location"))
                .contains("/people?removed=bob");

        // then
        await().until(() -> second.get("/account").statusCode() == 302);
        assertThat(second.logIn("bob", "bobs-password").headers().firstValue("Location"))
                .contains("/login?failed");
    }

    @Test
    void shouldSayInThePlaceOfAFormWhichRoleItWants() throws Exception {
        // when
        first.logIn("victor", "victors-password");
        String topic = first.get("/clusters/ottla/create-topic").body();
        String elections = first.get("/clusters/ottla/elections").body();

        // then
        assertThat(topic).contains("wants the role operator").doesNotContain("name=\"partitions\"");
        assertThat(elections)
                .contains("wants the role operator", "wants the role admin", "It does not happen by itself")
                .doesNotContain("action=\"/clusters/ottla/elections");

        // when
        first.forgetCookies();
        first.logIn("olga", "olgas-password");
        elections = first.get("/clusters/ottla/elections").body();

        // then
        assertThat(first.get("/clusters/ottla/create-topic").body()).contains("name=\"partitions\"");
        assertThat(elections)
                .contains("action=\"/clusters/ottla/elections\"")
                .doesNotContain("wants the role operator", "/elections/unclean", "/elections/schedule");
    }

    @Test
    void shouldLeaveTheWholeClusterToWhoAdministersAllOfIt() throws Exception {
        // given
        String bea = TestingConsole.basic("bea", "beas-password");
        first.logIn("bea", "beas-password");

        for (Map.Entry<String, String> call : OF_THE_WHOLE_CLUSTER.entrySet()) {
            // when
            String[] parts = call.getKey().split(" ");
            String prefix = parts[1].contains("configs") ? "/v3/clusters/" : "/api/v1/clusters/";
            HttpResponse<String> answer = call(parts[0], prefix + TestingCluster.ID + parts[1], bea, call.getValue());

            // then
            assertThat(answer.statusCode()).as(call.getKey()).isEqualTo(403);
            assertThat(answer.body()).contains("\"error_code\":40302", "for some topics and groups");
        }
        for (String page : List.of(
                "/users",
                "/quotas/edit",
                "/unregister-broker?broker=9",
                "/zookeeper/nodes",
                "/transactions/abort?id=t")) {
            assertThat(first.get("/clusters/ottla" + page).statusCode())
                    .as(page)
                    .isEqualTo(403);
        }
        assertThat(first.get("/clusters/ottla/brokers/1/loggers").body()).doesNotContain("<select name=\"level\"");
        assertThat(first.get("/clusters/ottla/quotas").body()).doesNotContain("/quotas/edit");
        assertThat(first.get("/clusters/ottla/moves").body())
                .contains("/moves/new", "throttle replication")
                .doesNotContain("/moves/throttle");

        // when, then  what is bounded by the topic goes on
        assertThat(call(
                                "PUT",
                                "/v3/clusters/" + TestingCluster.ID + "/topics/orders-eu/configs/retention.ms",
                                bea,
                                "{\"value\":\"9\"}")
                        .statusCode())
                .isEqualTo(204);
        admin(second);
        assertThat(second.get("/people/add").body()).contains("concerns the cluster as a whole");
    }

    @Test
    void shouldKeepWhatWasTypedAndSayWhatIsWrong() throws Exception {
        // given
        admin(first);

        // when, then
        HttpResponse<String> odd = add("<b>x", "some-password", "viewer");
        assertThat(odd.statusCode()).isEqualTo(400);
        assertThat(odd.body()).contains("Expected a name", "&lt;b&gt;x").doesNotContain("<b>x");
        assertThat(add("carol", "short", "viewer").body()).contains("Expected a password");
        assertThat(add("carol", "carols-password", "").body()).contains("at least one role");
        assertThat(add("carol", "carols-password", "king").body()).contains("Expected viewer, operator or admin");
        assertThat(add("victor", "some-password", "viewer").body()).contains("taken");
        assertThat(first.submit("/people/of/victor", "/people/of/victor/password", Map.of("password", "some-password"))
                        .body())
                .contains("comes from the configuration");
        assertThat(first.get("/people/of/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldChangeOnesOwnPasswordAndEndTheOtherSessions() throws Exception {
        // given
        admin(first);
        add("dora", "doras-password", "viewer");
        first.forgetCookies();
        first.logIn("dora", "doras-password");
        second.logIn("dora", "doras-password");
        Map<String, String> wrong = Map.of("old", "wrong", "password", "doras-next-one", "again", "doras-next-one");
        Map<String, String> twoWays = Map.of("old", "doras-password", "password", "doras-next-one", "again", "x");
        Map<String, String> right =
                Map.of("old", "doras-password", "password", "doras-next-one", "again", "doras-next-one");

        // when, then
        assertThat(first.submit("/account", "/account/password", wrong).statusCode())
                .isEqualTo(400);
        assertThat(first.submit("/account", "/account/password", twoWays).body())
                .contains("typed in two ways");
        assertThat(first.submit("/account", "/account/password", right)
                        .headers()
                        .firstValue("Location"))
                .contains("/account?done=password");
        assertThat(first.get("/account?done=password").body()).contains("Your password is changed");
        await().until(() -> second.get("/account").statusCode() == 302);
        assertThat(second.logIn("dora", "doras-password").headers().firstValue("Location"))
                .contains("/login?failed");
    }

    @Test
    void shouldLetAProgramInWithATokenThatIsShownOnce() throws Exception {
        // given
        admin(first);
        HttpResponse<String> made =
                first.submit("/account", "/account/tokens", Map.of("label", "backup", "days", "30"));
        Matcher token = MADE.matcher(made.body());
        assertThat(token.find()).as(made.body()).isTrue();
        String bearer = "Bearer " + token.group(1);
        assertThat(made.headers().firstValue("Cache-Control"))
                .hasValueSatisfying(v -> assertThat(v).contains("no-store"));
        assertThat(first.get("/account").body()).contains("backup").doesNotContain(token.group(1));

        // when   at the other console, without a token against forged requests
        HttpResponse<String> created =
                second.sendAnonymously(second.request("/v3/clusters/" + TestingCluster.ID + "/topics")
                        .header("Authorization", bearer)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"topic_name\":\"by-token\"}")));

        // then
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().allValues("Set-Cookie").toString()).doesNotContain("OTTLA_SESSION");
        assertThat(bearer(second, bearer + "x").statusCode()).isEqualTo(401);
        assertThat(bearer(second, "Bearer ottla_" + "A".repeat(43)).statusCode())
                .isEqualTo(401);
        HttpResponse<String> forged =
                second.sendAnonymously(second.request("/v3/clusters/" + TestingCluster.ID + "/topics")
                        .header("Authorization", bearer)
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"topic_name\":\"forged\"}")));
        assertThat(forged.statusCode()).isEqualTo(403);

        // when   it is revoked
        String name = first.get("/account").body().replaceAll("(?s).*name=\"token\" value=\"([0-9a-f]{64})\".*", "$1");
        first.submit("/account", "/account/tokens/remove", Map.of("token", name));

        // then
        await().until(() -> bearer(second, bearer).statusCode() == 401);
    }

    private static HttpResponse<String> bearer(TestingConsole console, String bearer) throws Exception {
        return console.sendAnonymously(console.request("/v3/clusters").header("Authorization", bearer));
    }

    @Test
    void shouldGoOnForWhoIsLoggedInAndSayWhyNothingChangesWhileTheStoreIsAway() throws Exception {
        // given
        admin(first);
        assertThat(first.get("/people").statusCode()).isEqualTo(200);
        String token = TestingConsole.token(first.get("/people/add").body());

        // when
        store.away = true;

        // then
        assertThat(first.get("/clusters/ottla/brokers").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = first.post(
                "/people/add", withToken(token, Map.of("name", "eve", "password", "eves-password", "role", "viewer")));
        assertThat(refused.statusCode()).isEqualTo(504);
        assertThat(refused.body()).contains("ZooKeeper, which cannot be asked now");
        assertThat(second.logIn("victor", "victors-password").headers().firstValue("Location"))
                .contains("/login?away");
        assertThat(second.get("/login?away").body()).contains("cannot be checked or kept now");
    }

    @Test
    void shouldSendTheCookieByTlsAloneWhereItCameByTls() throws Exception {
        try (TestingConsole behindProxy = TestingConsole.start(
                folder,
                cluster,
                Map.of(
                        "console.admin.password",
                        TestingPassword.PASSWORD,
                        "server.forward-headers-strategy",
                        "native"))) {
            // given
            HttpResponse<String> page =
                    behindProxy.sendAnonymously(behindProxy.request("/login").header("X-Forwarded-Proto", "https"));
            String token = page.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];

            // when
            HttpResponse<String> answer = behindProxy.sendAnonymously(behindProxy
                    .request("/login")
                    .header("Cookie", token)
                    .header("X-Forwarded-Proto", "https")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("username=admin&password=" + TestingPassword.PASSWORD + "&_csrf="
                            + TestingConsole.token(page.body()))));

            // then
            assertThat(answer.headers().allValues("Set-Cookie"))
                    .anySatisfy(cookie -> assertThat(cookie)
                            .startsWith("OTTLA_SESSION=")
                            .contains("Secure", "HttpOnly", "SameSite=Strict"));
        }
    }

    @Test
    void shouldNotStartWithSomebodyWhoCanNotBeUnderstood() {
        assertThatThrownBy(() -> TestingConsole.start(
                        folder,
                        cluster,
                        Map.of("console.users.x.password", "some-password", "console.users.x.role", "king")))
                .hasStackTraceContaining(
                        "console.users.x: Expected viewer, operator or admin as the role, but got 'king'");
        assertThatThrownBy(() -> TestingConsole.start(folder, cluster, Map.of("console.users.x.role", "viewer")))
                .hasStackTraceContaining("console.users.x.password: Expected 8 characters");
    }

    @Test
    void shouldKeepOutWhoIsDisabledWithTokensAndSessionsUntilThatEnds() throws Exception {
        // given
        admin(first);
        add("erin", "erins-password", "viewer");
        second.logIn("erin", "erins-password");
        String token = second.submit("/account", "/account/tokens", Map.of("label", "night", "days", "3"))
                .body()
                .replaceAll("(?s).*id=\"made\">([^<]+)<.*", "$1");
        assertThat(bearer(second, "Bearer " + token).statusCode()).isEqualTo(200);

        // when
        assertThat(first.submit("/people/of/erin", "/people/of/erin/disable", Map.of())
                        .headers()
                        .firstValue("Location"))
                .contains("/people/of/erin?done=disabled");

        // then
        await().until(() -> second.get("/account").statusCode() == 302);
        await().until(() -> bearer(second, "Bearer " + token).statusCode() == 401);
        assertThat(second.logIn("erin", "erins-password").headers().firstValue("Location"))
                .contains("/login?failed");
        assertThat(first.get("/people").body()).contains("disabled");
        assertThat(first.submit("/people/of/admin", "/people/of/admin/disable", Map.of())
                        .statusCode())
                .isEqualTo(400);

        // when
        first.submit("/people/of/erin", "/people/of/erin/enable", Map.of());

        // then
        assertThat(bearer(first, "Bearer " + token).statusCode()).isEqualTo(200);
        first.forgetCookies();
        assertThat(first.logIn("erin", "erins-password").headers().firstValue("Location"))
                .contains("/");
    }

    @Test
    void shouldEndSomebodysSessionsAndOnesOwn() throws Exception {
        // given
        admin(first);
        second.logIn("victor", "victors-password");
        assertThat(second.get("/account").statusCode()).isEqualTo(200);

        // when, then  one of the configuration, too
        assertThat(first.submit("/people/of/victor", "/people/of/victor/sessions", Map.of())
                        .headers()
                        .firstValue("Location"))
                .contains("/people/of/victor?done=sessions");
        await().until(() -> second.get("/account").statusCode() == 302);

        // when, then  one's own
        second.logIn("victor", "victors-password");
        second.submit("/account", "/account/sessions", Map.of());
        assertThat(second.get("/account").statusCode()).isEqualTo(302);
        assertThat(first.get("/account").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldAdministerPeopleByProgramsAsOnPages() throws Exception {
        // given
        String admin = TestingConsole.basic(TestingPassword.PASSWORD);
        String fay =
                "{\"name\":\"fay\",\"password\":\"fays-password\",\"grants\":[{\"role\":\"operator\",\"topics\":[\"orders-*\"]}]}";

        // when
        HttpResponse<String> added = call("POST", "/api/v1/people", admin, fay);

        // then
        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(added.headers().firstValue("Location")).contains("/api/v1/people/fay");
        assertThat(added.body())
                .contains(
                        "\"grants\":[{\"role\":\"operator\",\"clusters\":[\"*\"],\"topics\":[\"orders-*\"],\"groups\":[\"*\"]}]")
                .doesNotContain("fays-password", "bcrypt");
        String hers = TestingConsole.basic("fay", "fays-password");
        assertThat(call("GET", "/api/v1/account", hers, "").body()).contains("\"has_password_here\":true");
        assertThat(call("GET", "/api/v1/people", hers, "").body()).contains("\"error_code\":40302");
        assertThat(call("POST", "/api/v1/people", hers, fay).body()).contains("\"error_code\":40302");
        assertThat(call("GET", "/api/v1/audit", hers, "").statusCode()).isEqualTo(403);
        assertThat(call(
                                "PUT",
                                "/api/v1/people/fay/grants",
                                admin,
                                "{\"grants\":[{\"role\":\"viewer\",\"topics\":[\" \"]}]}")
                        .body())
                .contains("\"error_code\":40001");
        assertThat(call("PUT", "/api/v1/people/fay/grants", admin, "{\"grants\":[]}")
                        .body())
                .contains("\"error_code\":40002");
        assertThat(call("DELETE", "/api/v1/people/admin", admin, "").statusCode())
                .isEqualTo(400);

        assertThat(call("POST", "/api/v1/account/tokens", hers, "{\"label\":\"night\",\"days\":0}")
                        .body())
                .contains("Expected days from 1 to ");

        // when   a token is made, which makes no other
        String made = call("POST", "/api/v1/account/tokens", hers, "{\"label\":\"night\",\"days\":2}")
                .body();
        String bearer = "Bearer " + made.replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
        assertThat(call("GET", "/api/v1/account", bearer, "").statusCode()).isEqualTo(200);
        assertThat(call("POST", "/api/v1/account/tokens", bearer, "{\"label\":\"more\",\"days\":300}")
                        .body())
                .contains("\"error_code\":40302");
        String listed = call("GET", "/api/v1/account/tokens", bearer, "").body();
        assertThat(listed).contains("\"label\":\"night\"").doesNotContain("ottla_");

        // then   it goes when it is revoked, by itself even
        String id = listed.replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
        assertThat(call("DELETE", "/api/v1/account/tokens/" + id, bearer, "").statusCode())
                .isEqualTo(204);
        assertThat(call("GET", "/api/v1/account", bearer, "").statusCode()).isEqualTo(401);
        assertThat(call("DELETE", "/api/v1/people/fay", admin, "").statusCode()).isEqualTo(204);
        assertThat(call("GET", "/api/v1/people/fay", admin, "").body()).contains("\"error_code\":40411");
    }

    private static HttpResponse<String> call(String verb, String path, String login, String body) throws Exception {
        return first.sendAnonymously(first.request(path)
                .header("Authorization", login)
                .header("Content-Type", "application/json")
                .method(verb, BodyPublishers.ofString(body)));
    }
}
