//! The marks of brands, from Simple Icons.
//!
//! Named one by one, so that the program carries these alone and not the thousands of others.

use simpleicons_rs::*;

macro_rules! icons {
    ($($slug:literal $icon:ident;)*) => {
        /// The icon of a slug.
        pub(crate) fn icon(slug: &str) -> Option<&'static Icon> {
            match slug {
                $($slug => Some(&$icon),)*
                _ => None,
            }
        }

        /// Every slug that is listed.
        #[cfg(test)]
        pub(crate) const SLUGS: &[&str] = &[$($slug),*];
    };
}

#[rustfmt::skip]
icons! {
    "1password" SI1PASSWORD; "adguard" SIADGUARD; "airtable" SIAIRTABLE; "airtel" SIAIRTEL; "akamai" SIAKAMAI;
    "allegro" SIALLEGRO; "alltrails" SIALLTRAILS; "apple" SIAPPLE; "applearcade" SIAPPLEARCADE;
    "applemusic" SIAPPLEMUSIC; "applenews" SIAPPLENEWS; "appletv" SIAPPLETV; "arlo" SIARLO; "asana" SIASANA;
    "atandt" SIATANDT; "audible" SIAUDIBLE; "avast" SIAVAST; "backblaze" SIBACKBLAZE; "basecamp" SIBASECAMP;
    "battledotnet" SIBATTLEDOTNET; "bigbasket" SIBIGBASKET; "bilibili" SIBILIBILI;
    "bitdefender" SIBITDEFENDER; "bitwarden" SIBITWARDEN; "bookmyshow" SIBOOKMYSHOW; "box" SIBOX; "bt" SIBT;
    "buffer" SIBUFFER; "byjus" SIBYJUS; "calendly" SICALENDLY; "carrd" SICARRD; "channel4" SICHANNEL4;
    "chessdotcom" SICHESSDOTCOM; "claude" SICLAUDE; "clickup" SICLICKUP; "cloudflare" SICLOUDFLARE;
    "codecademy" SICODECADEMY; "contabo" SICONTABO; "coursera" SICOURSERA; "crunchyroll" SICRUNCHYROLL;
    "cursor" SICURSOR; "dashlane" SIDASHLANE; "datacamp" SIDATACAMP; "datadog" SIDATADOG; "dazn" SIDAZN;
    "deepl" SIDEEPL; "deezer" SIDEEZER; "deliveroo" SIDELIVEROO; "derspiegel" SIDERSPIEGEL;
    "deutschebahn" SIDEUTSCHEBAHN; "deutschetelekom" SIDEUTSCHETELEKOM; "digitalocean" SIDIGITALOCEAN;
    "discord" SIDISCORD; "doordash" SIDOORDASH; "dropbox" SIDROPBOX; "duolingo" SIDUOLINGO; "ea" SIEA;
    "edx" SIEDX; "eightsleep" SIEIGHTSLEEP; "elevenlabs" SIELEVENLABS; "evernote" SIEVERNOTE;
    "expressvpn" SIEXPRESSVPN; "f1" SIF1; "faceit" SIFACEIT; "feedly" SIFEEDLY; "figma" SIFIGMA;
    "fitbit" SIFITBIT; "flydotio" SIFLYDOTIO; "foodpanda" SIFOODPANDA; "fortnite" SIFORTNITE;
    "foxtel" SIFOXTEL; "framer" SIFRAMER; "fubo" SIFUBO; "gandi" SIGANDI; "garmin" SIGARMIN; "ghost" SIGHOST;
    "github" SIGITHUB; "githubcopilot" SIGITHUBCOPILOT; "gitlab" SIGITLAB; "glovo" SIGLOVO;
    "godaddy" SIGODADDY; "google" SIGOOGLE; "googlecloud" SIGOOGLECLOUD; "googledrive" SIGOOGLEDRIVE;
    "googlegemini" SIGOOGLEGEMINI; "googlehome" SIGOOGLEHOME; "googleplay" SIGOOGLEPLAY; "grab" SIGRAB;
    "grammarly" SIGRAMMARLY; "hbomax" SIHBOMAX; "headspace" SIHEADSPACE; "hellofresh" SIHELLOFRESH;
    "hetzner" SIHETZNER; "hey" SIHEY; "hostinger" SIHOSTINGER; "hubspot" SIHUBSPOT;
    "humblebundle" SIHUMBLEBUNDLE; "icloud" SIICLOUD; "ifood" SIIFOOD; "ifttt" SIIFTTT;
    "iledefrancemobilites" SIILEDEFRANCEMOBILITES; "inoreader" SIINOREADER; "instacart" SIINSTACART;
    "intuit" SIINTUIT; "ionos" SIIONOS; "itvx" SIITVX; "jetbrains" SIJETBRAINS; "jio" SIJIO; "jira" SIJIRA;
    "kagi" SIKAGI; "kaspersky" SIKASPERSKY; "komoot" SIKOMOOT; "languagetool" SILANGUAGETOOL;
    "lastpass" SILASTPASS; "leetcode" SILEETCODE; "line" SILINE; "linear" SILINEAR;
    "loom" SILOOM; "lyft" SILYFT; "mailchimp" SIMAILCHIMP; "malwarebytes" SIMALWAREBYTES; "mcafee" SIMCAFEE;
    "medium" SIMEDIUM; "mega" SIMEGA; "miro" SIMIRO; "mixcloud" SIMIXCLOUD; "mlb" SIMLB; "mongodb" SIMONGODB;
    "movistar" SIMOVISTAR; "mubi" SIMUBI; "mullvad" SIMULLVAD; "namecheap" SINAMECHEAP; "napster" SINAPSTER;
    "naver" SINAVER; "nba" SINBA; "nebula" SINEBULA; "neteasecloudmusic" SINETEASECLOUDMUSIC;
    "netflix" SINETFLIX; "netlify" SINETLIFY; "newyorktimes" SINEWYORKTIMES; "nextdns" SINEXTDNS;
    "niconico" SINICONICO; "nordvpn" SINORDVPN; "norton" SINORTON; "notion" SINOTION; "nvidia" SINVIDIA;
    "o2" SIO2; "obsidian" SIOBSIDIAN; "odido" SIODIDO; "onlyfans" SIONLYFANS; "orange" SIORANGE;
    "oreilly" SIOREILLY; "overleaf" SIOVERLEAF; "ovh" SIOVH; "pandora" SIPANDORA;
    "paramountplus" SIPARAMOUNTPLUS; "patreon" SIPATREON; "peloton" SIPELOTON; "perplexity" SIPERPLEXITY;
    "picsart" SIPICSART; "platzi" SIPLATZI; "playstation" SIPLAYSTATION; "plex" SIPLEX;
    "pluralsight" SIPLURALSIGHT; "porkbun" SIPORKBUN; "privateinternetaccess" SIPRIVATEINTERNETACCESS;
    "proton" SIPROTON; "protonvpn" SIPROTONVPN; "qq" SIQQ; "quickbooks" SIQUICKBOOKS; "quizlet" SIQUIZLET;
    "railway" SIRAILWAY; "rakuten" SIRAKUTEN; "rakutenkobo" SIRAKUTENKOBO; "raycast" SIRAYCAST;
    "reddit" SIREDDIT; "render" SIRENDER; "replit" SIREPLIT; "revolut" SIREVOLUT; "ring" SIRING;
    "robinhood" SIROBINHOOD; "roblox" SIROBLOX; "roon" SIROON; "rtl" SIRTL; "samsclub" SISAMSCLUB;
    "scaleway" SISCALEWAY; "semrush" SISEMRUSH; "sentry" SISENTRY; "setapp" SISETAPP; "shadow" SISHADOW;
    "shopify" SISHOPIFY; "showtime" SISHOWTIME; "skillshare" SISKILLSHARE; "sky" SISKY; "snapchat" SISNAPCHAT;
    "soundcloud" SISOUNDCLOUD; "spotify" SISPOTIFY; "squareenix" SISQUAREENIX; "squarespace" SISQUARESPACE;
    "starz" SISTARZ; "strava" SISTRAVA; "substack" SISUBSTACK; "suno" SISUNO; "supabase" SISUPABASE;
    "surfshark" SISURFSHARK; "surveymonkey" SISURVEYMONKEY; "swiggy" SISWIGGY; "tailscale" SITAILSCALE;
    "target" SITARGET; "teamviewer" SITEAMVIEWER; "telegram" SITELEGRAM; "telenor" SITELENOR; "tesla" SITESLA;
    "theguardian" SITHEGUARDIAN; "thewashingtonpost" SITHEWASHINGTONPOST; "ticktick" SITICKTICK;
    "tidal" SITIDAL; "tinder" SITINDER; "todoist" SITODOIST; "tradingview" SITRADINGVIEW;
    "trainerroad" SITRAINERROAD; "trello" SITRELLO; "tresorit" SITRESORIT; "tuta" SITUTA; "twitch" SITWITCH;
    "typeform" SITYPEFORM; "uber" SIUBER; "ubisoft" SIUBISOFT; "udacity" SIUDACITY; "udemy" SIUDEMY;
    "ufc" SIUFC; "unacademy" SIUNACADEMY; "vercel" SIVERCEL; "verizon" SIVERIZON; "viaplay" SIVIAPLAY;
    "vimeo" SIVIMEO; "virginmedia" SIVIRGINMEDIA; "vodafone" SIVODAFONE; "vultr" SIVULTR; "wattpad" SIWATTPAD;
    "webflow" SIWEBFLOW; "webtoon" SIWEBTOON; "wikipedia" SIWIKIPEDIA; "wix" SIWIX; "wolfram" SIWOLFRAM;
    "wordpress" SIWORDPRESS; "x" SIX; "xero" SIXERO; "youtube" SIYOUTUBE; "youtubemusic" SIYOUTUBEMUSIC;
    "youtubetv" SIYOUTUBETV; "zalando" SIZALANDO; "zapier" SIZAPIER; "zerodha" SIZERODHA; "ziggo" SIZIGGO;
    "zoho" SIZOHO; "zomato" SIZOMATO; "zoom" SIZOOM;
}

/// The one path that an icon is made of.
pub(crate) fn path(icon: &'static Icon) -> Option<&'static str> {
    let (_, rest) = icon.svg.split_once("<path d=\"")?;
    rest.split_once('"').map(|(path, _)| path)
}
