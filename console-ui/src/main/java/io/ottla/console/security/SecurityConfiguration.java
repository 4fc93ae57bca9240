package io.ottla.console.security;

import io.ottla.console.access.AuditTrail;
import io.ottla.console.people.Passwords;
import io.ottla.console.people.People;
import io.ottla.console.people.Sessions;
import io.ottla.console.people.Tokens;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer.FrameOptionsConfig;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Who gets in. Everything wants somebody who has logged in but the login itself and the style sheet that it needs.
 *
 * <p>Nobody who has not logged in makes the process remember anything: no session, no saved request; the token against
 * forged requests lives in a cookie.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({LdapProperties.class, OidcProperties.class})
public class SecurityConfiguration {
    /** After the chains for what machines ask: this one takes every path that is left. */
    public static final int ORDER = 100;

    private static final String CONTENT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @Bean
    LoginTrail loginTrail(AuditTrail trail) {
        return new LoginTrail(trail, InstantSource.system());
    }

    @Bean
    PeopleLogin peopleLogin(People people, Passwords passwords, LoginTrail trail, LdapProperties ldap) {
        return new PeopleLogin(
                people,
                passwords,
                ldap.isSet() ? Optional.of(new LdapDirectory(ldap)) : Optional.empty(),
                new FailedLogins(InstantSource.system()),
                trail);
    }

    @Bean
    ProgramLogin programLogin(Tokens tokens) {
        return new ProgramLogin(tokens);
    }

    @Bean
    SessionCookies sessionCookies(Sessions sessions) {
        return new SessionCookies(sessions);
    }

    @Bean
    LoginController loginController(OidcProperties oidc) {
        return new LoginController(oidc);
    }

    @Bean
    OwnAccount ownAccount(People people, Tokens tokens, PeopleLogin logins, SessionCookies cookies) {
        return new OwnAccount(people, tokens, logins, cookies);
    }

    @Bean
    AccountController accountController(People people, Tokens tokens, Sessions sessions, OwnAccount own) {
        return new AccountController(people, tokens, sessions, own);
    }

    @Bean
    AccountResource accountResource(People people, Tokens tokens, Sessions sessions, OwnAccount own) {
        return new AccountResource(people, tokens, sessions, own);
    }

    @Bean
    @Order(ORDER)
    SecurityFilterChain consoleSecurityFilterChain(
            HttpSecurity http,
            ApiAnswer api,
            SessionCookies cookies,
            Tokens tokens,
            LoginTrail trail,
            OidcProperties oidc,
            People people)
            throws Exception {
        Refusals refusals = new Refusals(api);
        Outcomes outcomes = new Outcomes(trail);
        if (oidc.isSet()) {
            OidcLogin.add(http, oidc, people, outcomes, trail);
        }
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                        .permitAll()
                        .requestMatchers("/login", "/preferences", "/assets/**")
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .formLogin(form ->
                        form.loginPage("/login").successHandler(outcomes).failureHandler(outcomes))
                .securityContext(context -> context.securityContextRepository(cookies))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new TokenFilter(tokens, refusals), BasicAuthenticationFilter.class)
                .httpBasic(basic -> basic.authenticationEntryPoint(refusals))
                .logout(logout -> logout.logoutUrl("/logout").logoutSuccessHandler(outcomes))
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
        tokens.setHeaderName("X-CSRF-TOKEN"); // As documented; Spring's own is for pages whose scripts read the cookie.
        tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Strict"));
        return tokens;
    }
}
