package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.groups.TestingGroups;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups may be called anything; a path stays what it is. */
class NamesInPathsTest {
    private static final String PAGES = "/clusters/ottla/groups/";
    private static final String API = "/api/v1/clusters/" + TestingCluster.ID + "/groups/";
    private static final String V3 = "/v3/clusters/" + TestingCluster.ID + "/consumer-groups/";
    private static final String OLGA = TestingConsole.basic("olga", "olgas-password");
    private static final String ADMIN = TestingConsole.basic(TestingPassword.PASSWORD);

    private static final TestingGroups GROUPS = new TestingGroups(new TestingCluster().with("orders", 3));

    @TempDir
    static Path folder;

    private static TestingConsole console;

    @BeforeAll
    static void start() throws Exception {
        console = TestingConsole.start(
                folder,
                GROUPS.cluster(),
                Map.of(
                        "console.admin.password", TestingPassword.PASSWORD,
                        "console.users.olga.password", "olgas-password",
                        "console.users.olga.role", "admin",
                        "console.users.olga.groups", "team/*"));
        console.logIn(TestingPassword.PASSWORD);
    }

    @AfterAll
    static void stop() {
        console.close();
    }

    @BeforeEach
    void fill() {
        GROUPS.groups.clear();
        GROUPS.with("secret", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);
    }

    private static HttpResponse<String> call(String verb, String path, String login) throws Exception {
        return console.sendAnonymously(
                console.request(path).header("Authorization", login).method(verb, BodyPublishers.noBody()));
    }

    @ParameterizedTest
    @CsvSource({
        "team/billing, team~2Fbilling",
        "/, ~2F",
        "a//b, a~2F~2Fb",
        "../secret, ..~2Fsecret",
        "50% off;now, 50~25%20off~3Bnow",
        ".., ~2E~2E",
        "~2F, ~7E2F",
        "c:\\x, c:~5Cx"
    })
    void shouldShowAndChangeGroupsOfAnyName(String name, String part) throws Exception {
        // given
        GROUPS.with(name, GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 400);

        // when, then  the list leads to its page, and that to what can be done
        assertThat(console.get("/clusters/ottla/groups").body()).contains("href=\"" + PAGES + part + "\"");
        assertThat(console.get(PAGES + part).body()).contains(PAGES + part + "/reset");
        assertThat(console.get(PAGES + part + "/delete").statusCode()).isEqualTo(200);
        assertThat(call("GET", API + part + "/offsets", ADMIN).body()).contains("\"committed_offset\":400");
        assertThat(call("GET", V3 + part, ADMIN).body()).contains("\"related\":\"" + V3 + part + "/consumers\"");
        assertThat(call("DELETE", API + part, ADMIN).statusCode()).isEqualTo(204);
        assertThat(GROUPS.groups).containsOnlyKeys("secret");
    }

    @Test
    void shouldHoldRolesToTheNameAndNotToItsSpelling() throws Exception {
        // given
        GROUPS.with("team/billing", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 450);
        GROUPS.with("team/../secret", GroupType.CLASSIC, GroupState.EMPTY).at("orders", 0, 500);

        // when, then  what is hers is hers
        assertThat(call("GET", API + "team~2Fbilling/offsets", OLGA).body()).contains("450");

        // and    a name with dots in it is that name, and leads nowhere
        assertThat(call("GET", API + "team~2F..~2Fsecret/offsets", OLGA).body()).contains("500");

        // and    no spelling of another's name is hers
        for (String part : new String[] {"secret", "~73ecret", "~73~65~63~72~65~74"}) {
            for (String verb : new String[] {"GET", "DELETE"}) {
                assertThat(call(verb, API + part + "/offsets?topic=orders", OLGA)
                                .body())
                        .contains("\"error_code\":40405");
            }
            assertThat(call("DELETE", API + part, OLGA).body()).contains("\"error_code\":40405");
        }

        // and    the cluster, too, is looked for by its name
        assertThat(call("GET", API.replace(TestingCluster.ID, "~6Eowhere") + "secret/offsets", OLGA)
                        .body())
                .contains("\"error_code\":40401");
        assertThat(GROUPS.groups.get("secret").isCommittedAt("orders", 0, 400)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "team%2Fbilling",
                "team%2fbilling",
                "..%2Fsecret",
                "team%2F..%2F..%2Fsecret",
                "team%252Fbilling",
                "%2e%2e%2fsecret",
                "team/%2e%2e/secret",
                "team%5Cbilling",
                "secret%3Bx=y",
                "secret;x=y",
                "%2F%2Fsecret",
                "/secret",
                "team//secret"
            })
    void shouldLetNoPathThroughThatServersReadInTwoWays(String part) throws Exception {
        for (String path : new String[] {API, V3, PAGES}) {
            String answer =
                    RawRequest.send(console, "GET " + path + part + " HTTP/1.1", "Host: x", "Authorization: " + ADMIN);
            assertThat(answer).as(path + part).startsWith("HTTP/1.1 4").doesNotContain("committed_offset");
        }
    }
}
