//! Habits of ASP.NET Web API that are not its JSON: media types, integers in addresses, default texts.
