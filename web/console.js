// Keys for those who work all day: the pages work without them.
"use strict";
