/* Many conversations go some at a time: the page that tells how far it is asks for the next by itself. */
"use strict";

document.addEventListener("DOMContentLoaded", () => document.querySelector("form.goes-on").submit());
