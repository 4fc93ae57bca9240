package io.ottla.console.security;

import io.ottla.console.clusters.DataFolder;
import jakarta.servlet.DispatcherType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.servlet.CookieSameSiteSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer.FrameOptionsConfig;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Who gets in. Everything wants the administrator but the login itself and the style sheet that it needs.
 *
 * <p>Nobody who has not logged in makes the process remember anything: no session, no saved request; the token against
 * forged requests lives in a cookie.
 */
@Configuration(proxyBeanMethods = false)
public class SecurityConfiguration {
    /** After the chains for what machines ask: this one takes every path that is left. */
    public static final int ORDER = 100;

    private static final String CONTENT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Bean
    AdminPassword adminPassword(DataFolder folder, @Value("${console.admin.password:}") String given) {
        return new AdminPassword(
                folder.path(),
                given,
                new DelegatingPasswordEncoder("bcrypt", Map.of("bcrypt", new BCryptPasswordEncoder())),
                new SecureRandom());
    }

    @Bean
    AdminLogin adminLogin(AdminPassword password) {
        return new AdminLogin(password, new FailedLogins(InstantSource.system()));
    }

    @Bean
    LoginController loginController() {
        return new LoginController();
    }

    @Bean
    CookieSameSiteSupplier strictCookies() {
        return CookieSameSiteSupplier.ofStrict();
    }

    @Bean
    @Order(ORDER)
    SecurityFilterChain consoleSecurityFilterChain(HttpSecurity http, ApiAnswer api) throws Exception {
        Refusals refusals = new Refusals(api);
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers("/login", "/preferences", "/assets/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(form -> form.loginPage("/login")
                        .successHandler((request, response, user) -> {
                            String to = request.getParameter("to");
                            response.sendRedirect(request.getContextPath() + (Paths.isOurs(to) ? to : "/"));
                        })
                        .failureHandler((request, response, why) -> {
                            String to = request.getParameter("to");
                            response.sendRedirect(request.getContextPath() + "/login?"
                                    + (why instanceof TooManyAttempts ? "wait" : "failed")
                                    + (Paths.isOurs(to) ? "&to=" + URLEncoder.encode(to, StandardCharsets.UTF_8) : ""));
                        }))
                .httpBasic(basic -> basic.authenticationEntryPoint(refusals))
                .logout(logout -> logout.logoutUrl("/logout")
                        .logoutSuccessHandler((request, response, user) ->
                                response.sendRedirect(request.getContextPath() + "/login?out")))
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens())
                        .ignoringRequestMatchers(
                                request -> Paths.isApi(request) && Browser.isProgramWithPassword(request)))
                .requestCache(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT))
                        .frameOptions(FrameOptionsConfig::deny)
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .permissionsPolicyHeader(
                                permissions -> permissions.policy("camera=(), microphone=(), geolocation=()")))
                .build();
    }

    private static CookieCsrfTokenRepository csrfTokens() {
        CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
        tokens.setCookieName("OTTLA_CSRF");
        tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Strict"));
        return tokens;
    }
}
