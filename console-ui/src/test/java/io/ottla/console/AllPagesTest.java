package io.ottla.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** All pages at once: that each is there with something in it, in all languages, and what stands in for it. */
class AllPagesTest {
    /** Routes for {@code GET} that lead on, are a part of a page, a file, or no page for people. */
    private static final List<String> NO_PAGES = List.of(
            "/",
            "/error",
            "/login",
            "/clusters/{cluster}",
            "/clusters/{cluster}/security",
            "/clusters/{cluster}/zookeeper-groups/{group}/remove",
            "/clusters/{cluster}/moves/topics",
            "/clusters/{cluster}/moves/current.json",
            "/clusters/{cluster}/moves/plans/{id}/plan.json",
            "/clusters/{cluster}/moves/plans/{id}/way-back.json",
            "/clusters/{cluster}/acls/export.csv",
            "/clusters/{cluster}/acls/export.json",
            "/clusters/{cluster}/topics/{name}/records/export",
            "/clusters/{cluster}/topics/{name}/records/tail/events");

    @TempDir
    Path folder;

    @Test
    void shouldShowEveryPageInEveryLanguage() throws Exception {
        try (FullHouse house = FullHouse.full(folder)) {
            Map<String, String> pages = house.pages();
            for (String language : List.of("en", "zh-CN")) {
                for (String page : pages.values()) {
                    // when
                    HttpResponse<String> answer = house.console.send(house.console
                            .request(page)
                            .header("Accept", "text/html")
                            .header("Accept-Language", language));

                    // then
                    assertThat(answer.statusCode()).as(page).isEqualTo(200);
                    assertThat(answer.body())
                            .as(page)
                            .contains("<html lang=\"" + language.substring(0, 2))
                            .doesNotContain("??", "onclick=", "<script>", " style=\"");
                }
            }

            // and  no page is left out here
            List<PathPattern> missing = Routes.of(house.console).stream()
                    .filter(route -> route.method().equals("GET"))
                    .map(Routes.Route::path)
                    .filter(path -> !path.startsWith("/v3") && !path.startsWith("/api") && !path.startsWith("/kafka"))
                    .filter(path -> !NO_PAGES.contains(path))
                    .map(PathPatternParser.defaultInstance::parse)
                    .filter(route -> pages.values().stream()
                            .map(page -> PathContainer.parsePath(page.replaceAll("\\?.*", "")))
                            .noneMatch(route::matches))
                    .toList();
            assertThat(missing).isEmpty();
        }
    }

    @Test
    void shouldSayWhatComesNextWhereThereIsNothingYet() throws Exception {
        try (FullHouse house = FullHouse.empty(folder)) {
            Map<String, String> next = new LinkedHashMap<>(FullHouse.EMPTY);
            next.keySet().retainAll(List.of("topics", "groups", "moves", "transactions", "acls", "quotas", "users"));
            next.forEach((name, page) -> {
                try {
                    assertThat(house.console.get(page).body())
                            .as(name)
                            .containsPattern("(?s)<section class=\"empty\">\\s*<h2>[^<]+</h2>\\s*<p>[^<]{20,}</p>");
                } catch (Exception unexpected) {
                    throw new AssertionError(name, unexpected);
                }
            });
        }
    }

    @Test
    void shouldSayWhatToDoAboutWhatIsNotThere() throws Exception {
        try (FullHouse house = FullHouse.full(folder)) {
            // a page of a cluster keeps the way around in it
            assertThat(house.console.get("/clusters/ottla/topics/nowhere").body())
                    .contains("This topic does not exist.", "It may have been deleted", "To Ottla")
                    .contains("href=\"/clusters/ottla/groups\"")
                    .doesNotContain("Try again");
            assertThat(house.console.get("/clusters/ottla/nowhere").body())
                    .contains("There is no such page", "Check the address");

            // and  what may pass can be tried again where one is
            house.cluster.failure = new ClusterFailure(
                    Reason.NO_ANSWER, Wording.of("failure.no-answer", Wording.of("doing.survey"), "10"));
            assertThat(house.console.get("/clusters/ottla/topics?q=ord").body())
                    .contains("Look whether its brokers run", "Try again", "href=\"/clusters/ottla/topics?q=ord\"");
            house.cluster.failure = new ClusterFailure(Reason.DENIED, Wording.of("failure.account", "no"));
            assertThat(house.console.get("/clusters/ottla/topics").body())
                    .contains(
                            "The account of the console may not do this", "Let an access rule of the cluster allow it");
        }
    }
}
