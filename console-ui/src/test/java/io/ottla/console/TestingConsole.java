package io.ottla.console;

import io.ottla.console.clusters.Cluster;
import io.ottla.console.clusters.ClusterDefinition;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.DataFolder;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The console as a process of its own has it: on a port, with its login, over a cluster that the test gives. */
public final class TestingConsole implements AutoCloseable {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        ConfigurationPropertiesAutoConfiguration.class,
        DispatcherServletAutoConfiguration.class,
        ErrorMvcAutoConfiguration.class,
        HttpMessageConvertersAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        SecurityAutoConfiguration.class,
        SecurityFilterAutoConfiguration.class,
        ServletWebSecurityAutoConfiguration.class,
        ThymeleafAutoConfiguration.class,
        TomcatServletWebServerAutoConfiguration.class,
        WebMvcAutoConfiguration.class,
        ConsoleAutoConfiguration.class
    })
    static class Application {}

    private final ServletWebServerApplicationContext context;
    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private TestingConsole(ServletWebServerApplicationContext context) {
        this.context = context;
    }

    /** @param folder for the password */
    public static TestingConsole start(Path folder, Cluster cluster) {
        return start(folder, cluster, Map.of());
    }

    /** With settings on top. */
    public static TestingConsole start(Path folder, Cluster cluster, Map<String, String> settings) {
        return start(folder, cluster, settings, generic -> {});
    }

    /** With beans of the process on top. */
    static TestingConsole start(
            Path folder, Cluster cluster, Map<String, String> settings, Consumer<GenericApplicationContext> beans) {
        return start(
                folder,
                () -> new Clusters(
                        List.of(new ClusterDefinition("ottla", "Ottla", Origin.BESIDE, "", "", Map.of(), false, true)),
                        definition -> cluster),
                settings,
                beans);
    }

    /** Over clusters that the test makes. */
    static TestingConsole start(
            Path folder,
            Supplier<Clusters> clusters,
            Map<String, String> settings,
            Consumer<GenericApplicationContext> beans) {
        SpringApplication spring = new SpringApplication(Application.class);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setLogStartupInfo(false);
        Map<String, Object> defaults = new HashMap<>(settings);
        defaults.putAll(Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "spring.threads.virtual.enabled", "true",
                "server.tomcat.use-relative-redirects", "true",
                "logging.level.root", "warn",
                "logging.level.ottla", "info"));
        spring.setDefaultProperties(defaults);
        spring.addInitializers(started -> {
            GenericApplicationContext generic = (GenericApplicationContext) started;
            // Before what a file on another module's class path says.
            generic.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", defaults));
            beans.accept(generic);
            generic.registerBean(DataFolder.class, () -> new DataFolder(folder));
            generic.registerBean(Clusters.class, clusters);
        });
        return new TestingConsole((ServletWebServerApplicationContext) spring.run());
    }

    public ServletWebServerApplicationContext context() {
        return context;
    }

    public String address() {
        return "http://127.0.0.1:" + context.getWebServer().getPort();
    }

    /** A request to be completed by the test. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path));
    }

    /** Sends with this console's cookies. */
    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends as somebody who has no cookies. */
    public HttpResponse<String> sendAnonymously(HttpRequest.Builder request) throws IOException, InterruptedException {
        try (HttpClient stranger = HttpClient.newHttpClient()) {
            return stranger.send(request.build(), BodyHandlers.ofString());
        }
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).header("Accept", "text/html"));
    }

    /** Sends a form without any token. */
    public HttpResponse<String> post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(fields))));
    }

    /** Loads the page with the form, then sends it with the token that the page has. */
    public HttpResponse<String> submit(String page, String path, Map<String, String> fields)
            throws IOException, InterruptedException {
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("_csrf", token(get(page).body()));
        return post(path, all);
    }

    public HttpResponse<String> logIn(String password) throws IOException, InterruptedException {
        return submit("/login", "/login", Map.of("username", "admin", "password", password));
    }

    public HttpResponse<String> logIn(String name, String password) throws IOException, InterruptedException {
        return submit("/login", "/login", Map.of("username", name, "password", password));
    }

    /** Goes on at this console with the cookies of another one. */
    public void takeCookiesOf(TestingConsole other) {
        forgetCookies();
        other.cookies().forEach(cookie -> cookies.getCookieStore().add(URI.create(address()), cookie));
    }

    public List<java.net.HttpCookie> cookies() {
        return cookies.getCookieStore().getCookies();
    }

    public void forgetCookies() {
        cookies.getCookieStore().removeAll();
    }

    public static String token(String page) {
        Matcher matcher = TOKEN.matcher(page);
        if (!matcher.find()) {
            throw new AssertionError("Expected a token in the page, but got " + page);
        }
        return matcher.group(1);
    }

    public static String basic(String password) {
        return basic("admin", password);
    }

    public static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
