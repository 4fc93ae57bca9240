package io.ottla.console.security;

import io.ottla.console.access.Grant;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.people.Login;
import io.ottla.console.people.People;
import io.ottla.console.people.Person;
import io.ottla.console.people.Person.Origin;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/** Says who somebody of the identity provider is here, and what he may by his claims. Who may nothing does not get in. */
final class OidcPeople implements OAuth2UserService<OidcUserRequest, OidcUser> {
    private static final Logger log = LoggerFactory.getLogger(OidcPeople.class);

    private final OidcProperties properties;
    private final Map<String, Grant> byValue;
    private final People people;
    private final OidcUserService service = new OidcUserService();

    OidcPeople(OidcProperties properties, People people) {
        this.properties = properties;
        this.byValue = properties.byValue();
        this.people = people;
    }

    /** Somebody of the provider, and who he is here. */
    static final class Known extends DefaultOidcUser implements HasLogin {
        private static final long serialVersionUID = 1;

        private final transient Login login;

        Known(OidcUser user, Login login) {
            super(user.getAuthorities(), user.getIdToken(), user.getUserInfo());
            this.login = login;
        }

        @Override
        public Login login() {
            return login;
        }

        @Override
        public String getName() {
            return login.name();
        }
    }

    @Override
    public OidcUser loadUser(OidcUserRequest request) {
        OidcUser user = service.loadUser(request);
        String name = String.valueOf(user.getClaims().get(properties.nameClaim()));
        if (!user.getClaims().containsKey(properties.nameClaim()) || !Person.isName(name)) {
            throw refused("the claim " + properties.nameClaim() + " (console.oidc.name-claim) names nobody");
        }
        if (isTaken(name)) {
            throw refused("the name " + name + " is that of somebody of this console");
        }
        List<Grant> grants = values(claim(user.getClaims())).stream()
                .map(byValue::get)
                .filter(Objects::nonNull)
                .toList();
        if (grants.isEmpty()) {
            throw refused(name + " has nothing in the claim " + properties.grantsClaim()
                    + " (console.oidc.grants-claim) that may something here");
        }
        return new Known(user, new Login(name, Origin.OIDC, grants, "", ""));
    }

    private boolean isTaken(String name) {
        try {
            return people.find(name).isPresent();
        } catch (ClusterFailure away) {
            throw refused("it can't be told now whether the name is somebody else's");
        }
    }

    private Object claim(Map<String, Object> claims) {
        Object whole = claims.get(properties.grantsClaim());
        if (whole != null) {
            return whole;
        }
        Object at = claims;
        for (String part : properties.grantsClaim().split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return at;
    }

    private static List<String> values(Object claim) {
        return switch (claim) {
            case String one -> List.of(one);
            case Collection<?> many -> many.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }

    private static OAuth2AuthenticationException refused(String why) {
        log.warn("A login by the identity provider is refused: {}", why);
        return new OAuth2AuthenticationException(new OAuth2Error("access_denied", why, null));
    }
}
