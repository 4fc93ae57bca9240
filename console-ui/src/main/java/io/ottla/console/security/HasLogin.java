package io.ottla.console.security;

import io.ottla.console.people.Login;

/** What Spring Security knows somebody by, who has logged in here. */
interface HasLogin {
    Login login();
}
