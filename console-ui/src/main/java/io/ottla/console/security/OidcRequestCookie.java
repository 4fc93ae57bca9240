package io.ottla.console.security;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What has to be known when somebody comes back from the identity provider, kept by his browser for ten minutes: whichever broker he
 * comes back to, and no stranger makes a console remember anything. This one cookie travels along when he is sent back from
 * the provider's site; it opens nothing.
 */
final class OidcRequestCookie implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
    private static final String NAME = "OTTLA_OIDC";
    private static final Duration AGE = Duration.ofMinutes(10);
    private static final int MAX_LENGTH = 3_000;
    private static final int MAX_WISH = 1_500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OidcRegistration provider;

    OidcRequestCookie(OidcRegistration provider) {
        this.provider = provider;
    }

    /**
     * All texts that nobody else may know or forge.
     *
     * @param to where he wanted to go; null where that is nowhere in particular
     */
    private record Kept(String state, String nonce, String verifier, String redirect, String to) {}

    @Override
    public OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        Kept kept = kept(request);
        if (kept == null || kept.state() == null || !kept.state().equals(request.getParameter("state"))) {
            return null;
        }
        ClientRegistration registration = provider.findByRegistrationId(OidcRegistration.ID);
        Map<String, Object> attributes = new HashMap<>();
        attributes.put(OAuth2ParameterNames.REGISTRATION_ID, OidcRegistration.ID);
        attributes.put(OidcParameterNames.NONCE, kept.nonce());
        attributes.put(PkceParameterNames.CODE_VERIFIER, kept.verifier());
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(registration.getProviderDetails().getAuthorizationUri())
                .clientId(registration.getClientId())
                .redirectUri(kept.redirect())
                .scopes(Set.copyOf(registration.getScopes()))
                .state(kept.state())
                .attributes(all -> all.putAll(attributes))
                .build();
    }

    @Override
    public void saveAuthorizationRequest(
            OAuth2AuthorizationRequest asked, HttpServletRequest request, HttpServletResponse response) {
        if (asked == null) {
            set(request, response, "", Duration.ZERO);
            return;
        }
        Kept kept = new Kept(
                asked.getState(),
                asked.getAttribute(OidcParameterNames.NONCE),
                asked.getAttribute(PkceParameterNames.CODE_VERIFIER),
                asked.getRedirectUri(),
                wish(request));
        String text = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(JSON.writeValueAsString(kept).getBytes(StandardCharsets.UTF_8));
        set(request, response, text, AGE);
    }

    @Override
    public OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        OAuth2AuthorizationRequest asked = loadAuthorizationRequest(request);
        if (asked != null) {
            request.setAttribute(Paths.WANTED, kept(request).to());
        }
        set(request, response, "", Duration.ZERO);
        return asked;
    }

    /** A longer one would take the room of what has to be kept. */
    private static String wish(HttpServletRequest request) {
        String to = request.getParameter("to");
        return Paths.isOurs(to) && to.length() <= MAX_WISH ? to : null;
    }

    private static Kept kept(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(NAME) && cookie.getValue().length() <= MAX_LENGTH) {
                    try {
                        return JSON.readValue(Base64.getUrlDecoder().decode(cookie.getValue()), Kept.class);
                    } catch (JacksonException | IllegalArgumentException other) {
                        return null;
                    }
                }
            }
        }
        return null;
    }

    private static void set(HttpServletRequest request, HttpServletResponse response, String value, Duration age) {
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(NAME, value)
                        .httpOnly(true)
                        .sameSite("Lax")
                        .secure(request.isSecure())
                        .path(request.getContextPath() + "/login/oauth2")
                        .maxAge(age)
                        .build()
                        .toString());
    }
}
