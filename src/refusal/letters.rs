//! What is not done with a letter: sent again, called posted, mailed.

use super::table::refusals;

refusals! {
    /// A letter, or a mail.
    LetterRefusal {
        NotBack { about: String }
            "{about} kam nicht zurück; zweimal wird nichts gesendet",
            "{about} did not come back; it is not sent twice";
        StillWaits { about: String }
            "das Schreiben zu \"{about}\" wartet noch und geht von selbst hinaus",
            "the letter about \"{about}\" still waits, and leaves by itself";
        NoneWaits { about: String }
            "kein Schreiben zu \"{about}\" wartet; was wartet, sagt:",
            "no letter about \"{about}\" waits; this says what does:",
            ["status"];
        LeavesByMail { about: String }
            "das Schreiben zu \"{about}\" geht von selbst hinaus, als Mail",
            "the letter about \"{about}\" leaves by mail, by itself";
        NoneLeft { number: String }
            "zu {number} ging kein Schreiben hinaus",
            "no letter on {number} left";
        NoAddress { address: String }
            "an {address} lässt sich keine Mail senden",
            "{address} is not an address that mail can be sent to";
        NotComposed { words: String }
            "die Mail lässt sich nicht verfassen: {words}",
            "the mail cannot be composed: {words}";
    }
}
