//! The elements that are read, by local name.

macro_rules! elements {
    ($($name:ident)*) => {
        /// An element by its local name; all that are not read are one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[expect(clippy::upper_case_acronyms, reason = "the names are those of the standard")]
        pub(super) enum El {
            Other,
            $($name,)*
        }

        /// The names, and what each stands for.
        const NAMES: &[(&str, El)] = &[$((stringify!($name), El::$name),)*];
    };
}

elements! {
    // the message
    BkToCstmrStmt BkToCstmrAcctRpt BkToCstmrDbtCdtNtfctn GrpHdr MsgId CreDtTm MsgPgntn PgNb LastPgInd AddtlInf
    // the statement
    Stmt Rpt Ntfctn Id ElctrncSeqNb LglSeqNb FrToDt FrDtTm FrDt ToDtTm ToDt CpyDplctInd StmtPgntn RptPgntn NtfctnPgntn
    Acct IBAN Othr PrtryAcct BBAN UPIC Ccy Ownr Svcr FinInstnId BICFI BIC
    Bal Tp CdOrPrtry Cd Prtry SubTp Amt CdtDbtInd Dt DtTm TxsSummry TtlNtries TtlCdtNtries TtlDbtNtries NbOfNtries Sum
    // the entry
    Ntry NtryRef Sts RvslInd BookgDt ValDt AcctSvcrRef BkTxCd Domn Fmly SubFmlyCd Issr AddtlNtryInf NtryDtls
    Btch PmtInfId NbOfTxs TtlAmt Chrgs Rcrd TtlChrgsAndTaxAmt ChrgInclInd
    // the transaction
    TxDtls Refs EndToEndId MndtId InstrId TxId UETR AmtDtls InstdAmt TxAmt CntrValAmt AnncdPstngAmt
    CcyXchg SrcCcy TrgtCcy UnitCcy XchgRate RltdPties Dbtr Cdtr DbtrAcct CdtrAcct UltmtDbtr UltmtCdtr Nm Pty Agt NmAndAdr
    RmtInf Ustrd Strd CdtrRefInf CdtrRef CdtrRefTp Ref RfrdDocInf Nb RfrdDocNb RfrdDocTp RltdDt AddtlRmtInf
    RtrInf Rsn RtrRsn AddtlRtrRsnInf Purp AddtlTxInf
}

/// A hash table made at compile time: a slot holds the place of a name in [`NAMES`] plus one, 0 is empty. A file of a hundred
/// megabytes has ten million tags; this look-up compares one name for most of them.
const TABLE: [u8; SLOTS] = {
    let mut table = [0; SLOTS];
    let mut place = 0;
    while place < NAMES.len() {
        let mut slot = slot_of(NAMES[place].0.as_bytes());
        while table[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = place as u8 + 1;
        place += 1;
    }
    table
};
const SLOTS: usize = 1024;

const fn slot_of(name: &[u8]) -> usize {
    match name {
        [] => 0,
        [first, .., last] => {
            (name.len() * 37 + *first as usize * 5 + *last as usize * 11 + name[name.len() / 2] as usize * 131) % SLOTS
        }
        [only] => *only as usize,
    }
}

impl El {
    /// Finds an element.
    #[inline]
    pub(super) fn of(local_name: &str) -> El {
        let mut slot = slot_of(local_name.as_bytes());
        loop {
            match TABLE[slot] {
                0 => return El::versioned(local_name),
                place => {
                    let (name, element) = NAMES[place as usize - 1];
                    if name == local_name {
                        return element;
                    }
                }
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// Finds a message whose name carries its version: `BkToCstmrStmtV01`.
    fn versioned(local_name: &str) -> El {
        let Some((bare, version)) = local_name.split_at_checked(local_name.len().saturating_sub(3)) else {
            return El::Other;
        };
        let version = version.as_bytes();
        if version.len() != 3 || version[0] != b'V' || !version[1..].iter().all(u8::is_ascii_digit) {
            return El::Other;
        }
        match bare {
            "BkToCstmrStmt" => El::BkToCstmrStmt,
            "BkToCstmrAcctRpt" => El::BkToCstmrAcctRpt,
            "BkToCstmrDbtCdtNtfctn" => El::BkToCstmrDbtCdtNtfctn,
            _ => El::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_or_without_version() {
        for (name, element) in NAMES {
            assert_eq!(El::of(name), *element);
        }
        assert_eq!(El::of("BkToCstmrStmtV01"), El::BkToCstmrStmt);
        for other in ["", "V01", "ntry", "BkToCstmrStmtX01", "äöü", "N"] {
            assert_eq!(El::of(other), El::Other, "{other}");
        }
    }
}
