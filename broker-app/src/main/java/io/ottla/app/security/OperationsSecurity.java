package io.ottla.app.security;

import io.ottla.console.security.ProgramLogin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Guards what machines ask: probes answer everybody, since they tell no more than "up" or "down"; metrics and
 * information answer this machine, whoever has logged in, and everybody where {@code management.open} says so; the rest
 * wants an administrator, by the password or a token that is good for the console. All other paths belong to the chain {@code consoleSecurityFilterChain}.
 */
@Configuration(proxyBeanMethods = false)
public class OperationsSecurity {
    /** Before the console's chain. */
    public static final int ORDER = 10;

    @Bean
    @Order(ORDER)
    SecurityFilterChain operationsSecurityFilterChain(
            HttpSecurity http, @Value("${management.open:false}") boolean open, ObjectProvider<ProgramLogin> console)
            throws Exception {
        http.httpBasic(Customizer.withDefaults());
        ProgramLogin login = console.getIfAvailable();
        if (login != null) {
            login.addTo(http);
        }
        return http.securityMatcher("/actuator", "/actuator/**", "/metrics", "/livez", "/readyz")
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                "/actuator/health", "/actuator/health/**", "/livez", "/readyz")
                        .permitAll()
                        .requestMatchers(ProgramLogin::isChangeOfBrowser)
                        .denyAll()
                        .requestMatchers("/actuator/info", "/actuator/prometheus", "/metrics")
                        .access(new FromThisMachine(open))
                        .anyRequest()
                        .hasRole("ADMIN"))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }
}
