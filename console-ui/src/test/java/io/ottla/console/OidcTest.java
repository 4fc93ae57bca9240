package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.ottla.console.state.ConsoleStore;
import io.ottla.console.state.TestingStore;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People of an identity provider, which a small server of the test stands in for. */
class OidcTest {
    private static final TestingStore store = new TestingStore();
    private static final TestingCluster cluster = new TestingCluster();

    @TempDir
    static Path folder;

    private static TestingProvider provider;
    private static TestingConsole first;
    private static TestingConsole second;

    @BeforeAll
    static void start() throws Exception {
        provider = new TestingProvider();
        first = console(provider.issuer(), "realm_access.roles");
        second = console(provider.issuer(), "realm_access.roles");
    }

    private static TestingConsole console(String issuer, String claim) {
        return TestingConsole.start(
                folder,
                cluster,
                Map.of(
                        "console.admin.password",
                        TestingPassword.PASSWORD,
                        "console.oidc.issuer",
                        issuer,
                        "console.oidc.client-id",
                        TestingProvider.CLIENT,
                        "console.oidc.client-secret",
                        "client-secret",
                        "console.oidc.label",
                        "Example SSO",
                        "console.oidc.grants-claim",
                        claim,
                        "console.oidc.grants.kafka-viewers.role",
                        "viewer",
                        "console.oidc.grants.kafka-admins.role",
                        "admin"),
                generic -> generic.registerBean(ConsoleStore.class, () -> store));
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        provider.close();
    }

    @BeforeEach
    void forget() {
        first.forgetCookies();
        second.forgetCookies();
        provider.claims.clear();
        provider.claims.put("preferred_username", "olaf");
        provider.claims.put("realm_access", Map.of("roles", List.of("other", "kafka-viewers")));
    }

    /** What the console sends the browser to the provider with. */
    private static Map<String, String> begin(TestingConsole console) throws Exception {
        return begin(console, "/oauth2/authorization/oidc");
    }

    private static Map<String, String> begin(TestingConsole console, String at) throws Exception {
        HttpResponse<String> sent = console.get(at);
        assertThat(sent.statusCode()).isEqualTo(302);
        String location = sent.headers().firstValue("Location").orElseThrow();
        assertThat(location).startsWith(provider.issuer() + "/authorize?");
        assertThat(sent.headers().allValues("Set-Cookie"))
                .anySatisfy(
                        cookie -> assertThat(cookie).startsWith("OTTLA_OIDC=").contains("HttpOnly", "SameSite=Lax"));
        Map<String, String> asked = new HashMap<>();
        for (String pair : location.substring(location.indexOf('?') + 1).split("&")) {
            String[] both = pair.split("=", 2);
            asked.put(both[0], URLDecoder.decode(both[1], StandardCharsets.UTF_8));
        }
        provider.nonce = asked.get("nonce");
        return asked;
    }

    private static HttpResponse<String> comeBack(TestingConsole console, String state) throws Exception {
        return console.get(
                "/login/oauth2/code/oidc?code=abc&state=" + URLEncoder.encode(state, StandardCharsets.UTF_8));
    }

    @Test
    void shouldLetSomebodyInWithWhatHisClaimsMayWhicheverBrokerHeComesBackTo() throws Exception {
        // given
        assertThat(first.get("/login").body()).contains("Log in with Example SSO", "/oauth2/authorization/oidc");
        Map<String, String> asked = begin(first);
        assertThat(asked).containsEntry("code_challenge_method", "S256").containsKey("nonce");

        // when   a load balancer brings him back to the other one, at the address of the first
        second.takeCookiesOf(first);
        HttpResponse<String> back = comeBack(second, asked.get("state"));

        // then
        assertThat(back.statusCode()).isEqualTo(200);
        assertThat(back.body()).contains("http-equiv=\"refresh\" content=\"0;url=/\"");
        assertThat(provider.lastTokenRequest).contains("code=abc", "code_verifier=");
        assertThat(back.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("OTTLA_SESSION=").contains("HttpOnly", "SameSite=Strict"));
        assertThat(second.get("/clusters/ottla/topics").statusCode()).isEqualTo(200);
        assertThat(second.get("/account").body()).contains("olaf may", "viewer");
        assertThat(second.get("/people").statusCode()).isEqualTo(403);
        first.takeCookiesOf(second);
        assertThat(first.get("/account").body()).contains("olaf may");
    }

    @Test
    void shouldLeadWhereSomebodyWantedToGo() throws Exception {
        // given   somebody who follows a link, and is asked to log in
        String wanted = "/clusters/ottla/topics?q=a%25b&sort=name";
        String login = first.get(wanted).headers().firstValue("Location").orElseThrow();
        Matcher link = Pattern.compile("href=\"(/oauth2/[^\"]+)\"")
                .matcher(first.get(login).body());
        assertThat(link.find()).isTrue();

        // when
        HttpResponse<String> back = comeBack(
                first, begin(first, link.group(1).replace("&amp;", "&")).get("state"));

        // then
        assertThat(back.body()).contains("content=\"0;url=" + wanted.replace("&", "&amp;") + "\"");

        // when   the wish is another site, or he is refused
        first.forgetCookies();
        back = comeBack(
                first,
                begin(first, "/oauth2/authorization/oidc?to=//evil.example").get("state"));
        provider.claims.put("realm_access", Map.of("roles", List.of("other")));
        first.forgetCookies();
        HttpResponse<String> refused = comeBack(
                first, begin(first, "/oauth2/authorization/oidc?to=/audit").get("state"));

        // then
        assertThat(back.body()).contains("content=\"0;url=/\"");
        assertThat(refused.headers().firstValue("Location")).contains("/login?refused&to=%2Faudit");
    }

    @Test
    void shouldRefuseWhoMayNothingOrHasAnothersName() throws Exception {
        provider.claims.put("realm_access", Map.of("roles", List.of("other")));
        assertRefused(comeBack(first, begin(first).get("state")));
        provider.claims.put("realm_access", "kafka-admins");
        assertRefused(comeBack(first, begin(first).get("state")));
        provider.claims.put("realm_access", Map.of("roles", "kafka-admins"));
        provider.claims.put("preferred_username", "admin");
        assertRefused(comeBack(first, begin(first).get("state")));
        provider.claims.put("preferred_username", "<b>");
        assertRefused(comeBack(first, begin(first).get("state")));
        assertThat(first.get("/account").statusCode()).isEqualTo(302);
    }

    @Test
    void shouldRefuseWhatDidNotBeginHereOrIsNotTheProviders() throws Exception {
        // no cookie, another state, another nonce, another key, once more
        assertRefused(comeBack(first, "x"));
        begin(first);
        assertRefused(comeBack(first, "other"));
        String state = begin(first).get("state");
        provider.nonce = "other";
        assertRefused(comeBack(first, state));
        state = begin(first).get("state");
        provider.signingKey = new RSAKeyGenerator(2048).keyID("1").generate();
        try {
            assertRefused(comeBack(first, state));
        } finally {
            provider.signingKey = null;
        }
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Location"))
                .hasValueSatisfying(to -> assertThat(to).startsWith("/login?"));
        assertThat(String.valueOf(answer.headers().allValues("Set-Cookie"))).doesNotContain("OTTLA_SESSION=");
    }

    @Test
    void shouldSayThatTheProviderIsAwayAndKeepLettingItsOwnIn() throws Exception {
        try (TestingConsole alone = console("http://127.0.0.1:1", "groups")) {
            assertThat(alone.get("/oauth2/authorization/oidc").headers().firstValue("Location"))
                    .contains("/login?away");
            assertThat(alone.logIn(TestingPassword.PASSWORD).headers().firstValue("Location"))
                    .contains("/");
        }
    }
}
