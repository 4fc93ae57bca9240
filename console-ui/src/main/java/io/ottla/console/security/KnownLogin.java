package io.ottla.console.security;

import io.ottla.console.access.Action;
import io.ottla.console.access.Visitor;
import io.ottla.console.people.Login;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Somebody who has logged in, for Spring Security; his {@link Visitor} is the principal. */
final class KnownLogin extends AbstractAuthenticationToken implements HasLogin {
    private static final long serialVersionUID = 1;

    /** What the actuator asks for what is not everybody's. */
    private static final List<GrantedAuthority> ADMIN = List.of(new SimpleGrantedAuthority("ROLE_ADMIN"));

    private static final List<GrantedAuthority> OTHER = List.of(new SimpleGrantedAuthority("ROLE_USER"));

    private final transient Login login;
    private final transient Visitor visitor;

    KnownLogin(Login login) {
        super(login.visitor().may(Action.EDIT_PEOPLE) ? ADMIN : OTHER);
        this.login = login;
        this.visitor = login.visitor();
        setAuthenticated(true);
    }

    @Override
    public Login login() {
        return login;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return visitor;
    }
}
