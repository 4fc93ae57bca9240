package io.ottla.console.security;

import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.people.Login;
import io.ottla.console.people.Tokens;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets programs in that bring a token, as {@code Authorization: Bearer …}. Nobody guesses one: none is ever refused for what
 * others try from the same address, and a wrong one keeps nobody there from logging in.
 */
final class TokenFilter extends OncePerRequestFilter {
    private final Tokens tokens;
    private final AuthenticationEntryPoint refusals;

    TokenFilter(Tokens tokens, AuthenticationEntryPoint refusals) {
        this.tokens = tokens;
        this.refusals = refusals;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String token = Browser.token(request);
        if (token.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        try {
            SecurityContextHolder.setContext(new SecurityContextImpl(new KnownLogin(look(token))));
        } catch (AuthenticationException refused) {
            SecurityContextHolder.clearContext();
            refusals.commence(request, response, refused);
            return;
        }
        chain.doFilter(request, response);
    }

    private Login look(String token) {
        Optional<Login> login;
        try {
            login = tokens.find(token);
        } catch (ClusterFailure away) {
            throw new AuthenticationServiceException(away.getMessage(), away);
        }
        return login.orElseThrow(() -> new BadCredentialsException("Expected a token that is known and not over."));
    }
}
