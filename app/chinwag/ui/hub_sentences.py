"""The sentences for errors on the way to the Hub, and for what the Hub refuses."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

HUB_SENTENCES: dict[str, Any] = {
    "network.offline": QT_TRANSLATE_NOOP(
        "errors",
        "Chinwag is set to work offline, so {host} was not asked. Turn the switch in the"
        " preferences to go online.",
    ),
    "network.given_up": QT_TRANSLATE_NOOP(
        "errors", "The request to {host} was given up. Ask again when you like."
    ),
    "network.timeout": QT_TRANSLATE_NOOP(
        "errors", "{host} does not answer. Check the network connection, or try again later."
    ),
    "network.no_way": QT_TRANSLATE_NOOP(
        "errors",
        "There is no way to {host} ({reason}). Check the network connection, then try again.",
    ),
    "network.no_way_to_mirror": QT_TRANSLATE_NOOP(
        "errors",
        "There is no way to the mirror {host} ({reason}). Check the connection and the mirror’s"
        " address in the preferences, then try again.",
    ),
    "network.certificate": QT_TRANSLATE_NOOP(
        "errors",
        "{host} could not show who it is ({reason}), so nothing was sent to it. Check the"
        " computer’s clock, and that its certificates include those of your network.",
    ),
    "network.proxy": QT_TRANSLATE_NOOP(
        "errors",
        "The proxy on the way to {host} does not let it through ({reason}). Check the proxy in the"
        " preferences or in the environment.",
    ),
    "network.proxy_login": QT_TRANSLATE_NOOP(
        "errors",
        "The proxy on the way to {host} wants a name and a password. Write them into its address:"
        " http://name:password@host:port.",
    ),
    "network.cut": QT_TRANSLATE_NOOP(
        "errors", "The connection to {host} broke off ({reason}). Try again."
    ),
    "hub.bad_address": QT_TRANSLATE_NOOP(
        "errors",
        "“{address}” is no address that can be asked. Write it as https://host, without spaces.",
    ),
    "hub.redirects": QT_TRANSLATE_NOOP(
        "errors", "{host} sends from one address to the next without end. Try again later."
    ),
    "hub.nonsense": QT_TRANSLATE_NOOP(
        "errors",
        "What {host} answered cannot be understood. Try again; if that is a mirror or a sign-in"
        " page of your network, check it in a browser.",
    ),
    "hub.too_large": QT_TRANSLATE_NOOP(
        "errors",
        "What {host} answered is longer than {most:size} and was not taken. Try again, or look for"
        " something else.",
    ),
    "hub.gated": QT_TRANSLATE_NOOP(
        "errors",
        "{repository} is open only to people who have asked for access. Ask for it on the model’s"
        " page, then enter your token.",
    ),
    "hub.gated_not_granted": QT_TRANSLATE_NOOP(
        "errors",
        "Your token has no access to {repository} yet. Ask for it on the model’s page; some makers"
        " answer at once, some after days.",
    ),
    "hub.no_repository": QT_TRANSLATE_NOOP(
        "errors",
        "There is no repository {repository}, or it is private. Check its name, or enter a token"
        " that may see it.",
    ),
    "hub.no_revision": QT_TRANSLATE_NOOP(
        "errors", "{repository} has no such version any more. Open it again to see the newest."
    ),
    "hub.no_file": QT_TRANSLATE_NOOP(
        "errors", "There is no “{file}” in {repository}. Open it again to see what there is."
    ),
    "hub.disabled": QT_TRANSLATE_NOOP(
        "errors", "The Hub has closed {repository}. Look for another one."
    ),
    "hub.bad_token": QT_TRANSLATE_NOOP(
        "errors",
        "{host} does not know your token: it has ended or was mistyped. Remove it, or enter"
        " another one.",
    ),
    "hub.needs_token": QT_TRANSLATE_NOOP(
        "errors", "{host} answers only people it knows. Enter a token."
    ),
    "hub.forbidden": QT_TRANSLATE_NOOP(
        "errors", "{host} does not allow this. Check what your token may do, or look elsewhere."
    ),
    "hub.not_there": QT_TRANSLATE_NOOP(
        "errors", "{host} has nothing at this address. Check it, or look for something else."
    ),
    "hub.rate_limited": QT_TRANSLATE_NOOP(
        "errors", "{host} has been asked too often for now. Try again in a few minutes."
    ),
    "hub.rate_limited_for": QT_TRANSLATE_NOOP(
        "errors", "{host} has been asked too often for now. Try again in {wait:duration}."
    ),
    "hub.server": QT_TRANSLATE_NOOP(
        "errors", "{host} has trouble of its own (status {status}). Try again later."
    ),
    "hub.refused": QT_TRANSLATE_NOOP(
        "errors", "{host} refused the request (status {status}). Try again later."
    ),
    "hub.not_a_repository": QT_TRANSLATE_NOOP(
        "errors", "“{name}” is no repository of models. Write it as OWNER/NAME, or search for it."
    ),
    "hub.no_token": QT_TRANSLATE_NOOP(
        "errors", "This is no token. Copy one from your account’s settings; it begins with hf_."
    ),
    "hub.token_not_removed": QT_TRANSLATE_NOOP(
        "errors",
        "Your system’s keyring does not let go of the token, so it is still there. Unlock the"
        " keyring, then remove the token again.",
    ),
    "hub.token_not_kept": QT_TRANSLATE_NOOP(
        "errors",
        "The token’s file in {folder} cannot be written ({reason}). Make the folder writable, then"
        " try again.",
    ),
}
