#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets, small files of our own: fuzz/seeds.py

Each shows the parser one thing that banks do: a format, an encoding, an envelope, a batch, a return. The same call gives the same
bytes.
"""

import io
import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent / "seeds"
IBAN = "DE02120300000000202051"


def balance(kind, amount, day="2026-03-02", currency="EUR"):
    direction = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount.lstrip('-')}</Amt>"
        f"<CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(amount, details="", status="<Sts>BOOK</Sts>", value="2026-03-02", currency="EUR", extra=""):
    direction = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Ntry><NtryRef>1</NtryRef><Amt Ccy='{currency}'>{amount.lstrip('-')}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{extra}"
        f"{status}<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><Dt>{value}</Dt></ValDt><AcctSvcrRef>A1</AcctSvcrRef>"
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def detail(text="RE-2026-0001", amount=None, more="", party="Dbtr", currency="EUR"):
    own = f"<Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>" if amount else ""
    return (
        f"<TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>{own}<RltdPties><{party}><Pty><Nm>Becker</Nm></Pty></{party}>"
        f"<{party}Acct><Id><IBAN>DE44500105175407324931</IBAN></Id></{party}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>{more}</TxDtls>"
    )


def statement(inside, element="Stmt", currency="EUR"):
    return (
        f"<{element}><Id>1</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>2026-03-02T20:00:00</CreDtTm><Acct><Id><IBAN>{IBAN}</IBAN></Id>"
        f"<Ccy>{currency}</Ccy></Acct>{inside}</{element}>"
    )


def message(inside, kind="053", version="001.08", encoding="UTF-8"):
    root = {"052": "BkToCstmrAcctRpt", "053": "BkToCstmrStmt", "054": "BkToCstmrDbtCdtNtfctn"}[kind]
    return (
        f"<?xml version='1.0' encoding='{encoding}'?>\n<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.{kind}.{version}'>"
        f"<{root}><GrpHdr><MsgId>M1</MsgId><MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn></GrpHdr>{inside}</{root}></Document>"
    )


def prefixed(xml):
    head, body = xml.split("?>\n")
    body = body.replace("</", "\0").replace("<", "<n:").replace("\0", "</n:").replace("xmlns=", "xmlns:n=")
    return f"{head}?>\n{body}"


ONE = balance("OPBD", "100.00") + balance("CLBD", "219.00") + entry("119.00", detail())
BATCH = "<Btch><NbOfTxs>2</NbOfTxs><TtlAmt Ccy='EUR'>3.00</TtlAmt></Btch>"
CHARGES = "<Chrgs><Rcrd><Amt Ccy='EUR'>3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>"
RETURN = (
    "<AmtDtls><InstdAmt><Amt Ccy='EUR'>50.00</Amt></InstdAmt></AmtDtls>"
    "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>CLOSED</AddtlInf></RtrInf>"
)
STRUCTURED = (
    "<RmtInf><Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>RE-1</Nb><RltdDt>2026-02-01</RltdDt></RfrdDocInf>"
    "<CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf>"
)
EXCHANGE = (
    "<AmtDtls><InstdAmt><Amt Ccy='USD'>120.00</Amt><CcyXchg><SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><XchgRate>0.99</XchgRate>"
    "</CcyXchg></InstdAmt></AmtDtls>"
)
MT940 = (
    ":20:STARTUMS\r\n:25:12030000/202051\r\n:28C:1/1\r\n:60F:C260301EUR100,00\r\n:61:2603020302C119,00N166NONREF//POS 18\r\n"
    ":86:166?00GUTSCHRIFT?20EREF+E1?21SVWZ+RE-2026-00?2201 DANKE?30COBADEFF?31DE44500105175407324931?32BECKER ?33GMBH\r\n"
    ":62F:C260302EUR219,00\r\n-"
)
PAGES = (
    "{1:F01BANKDEFFAXXX}{2:O940}{4:\r\n:20:1\r\n:25:AT611904300234573201\r\n:28C:5/1\r\n:60F:D260301EUR10,5\r\n:61:260302RD19,NTRFE1//B1\r\n"
    "/OCMT/EUR50,/CHGS/EUR3,\r\n:86:freier Text\r\n:62M:C260302EUR8,5\r\n-}{4:\r\n:20:1\r\n:25:AT611904300234573201\r\n:28C:5/2\r\n"
    ":60M:C260302EUR8,5\r\n:61:2612310102D8,50NCHGNONREF\r\n:62F:C260302EUR0,\r\n:64:C260302EUR0,\r\n-}"
)

STATEMENTS = {
    "camt.053.xml": message(statement(ONE)),
    "camt.053-old.xml": message(statement(ONE), version="001.02"),
    "camt.053-prefix.xml": prefixed(message(statement(ONE))),
    "camt.053-bare.xml": message(statement(ONE)).replace(" xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'", ""),
    "camt.053-envelope.xml": "<e:Envelope xmlns:e='urn:e'><e:Body>" + message(statement(ONE)).split("?>\n")[1] + "</e:Body></e:Envelope>",
    "camt.053-empty.xml": message(statement(balance("PRCD", "100.00", "2026-03-01") + balance("CLBD", "100.00"))),
    "camt.053-accounts.xml": message(statement(ONE) + statement(ONE.replace("EUR", "CHF"), currency="CHF").replace(IBAN, "CH9300762011623852957")),
    "camt.053-batch.xml": message(
        statement(balance("OPBD", "0.00") + balance("CLBD", "3.00") + entry("3.00", BATCH + detail("a", "1.00") + detail("b", "2.00")))
    ),
    "camt.053-collective.xml": message(statement(balance("OPBD", "0.00") + balance("CLBD", "3.00") + entry("3.00", BATCH))),
    "camt.053-return.xml": message(
        statement(
            balance("OPBD", "0.00")
            + balance("CLBD", "-53.00")
            + entry("-53.00", detail("x", more=RETURN + CHARGES, party="Cdtr"), extra="<RvslInd>true</RvslInd>")
        )
    ),
    "camt.053-structured.xml": message(statement(ONE.replace("<RmtInf>", STRUCTURED + "<RmtInf>"))),
    "camt.053-exchange.xml": message(statement(ONE.replace("<RmtInf>", EXCHANGE + "<RmtInf>"))),
    "camt.053-pending.xml": message(statement(ONE + entry("7.00", detail(), status="<Sts><Cd>PDNG</Cd></Sts>"))),
    "camt.053-later.xml": message(statement(ONE + entry("-9.00", detail(), value="2026-03-03"))),
    "camt.053-off.xml": message(statement(ONE.replace("219.00", "220.00"))),
    "camt.053-fractions.xml": message(statement(balance("OPBD", "1.000000000000004") + balance("CLBD", "1.03") + entry("0.014") + entry("0.014"))),
    "camt.053-yen.xml": message(statement(ONE.replace("EUR", "JPY"), currency="JPY")),
    "camt.053-cdata.xml": message(statement(ONE.replace("Becker", "<![CDATA[Becker & S&ouml;hne]]> &amp; &#252; <!-- x -->"))),
    "camt.052.xml": message(statement(ONE.replace("CLBD", "ITBD"), "Rpt"), "052"),
    "camt.054.xml": message(statement(entry("119.00", detail()), "Ntfctn"), "054"),
    "latin-1.xml": message(statement(ONE.replace("Becker", "Müller")), encoding="ISO-8859-1").encode("latin-1"),
    "latin-1-undeclared.xml": message(statement(ONE.replace("Becker", "Müller"))).encode("latin-1"),
    "windows-1252.xml": message(statement(ONE.replace("Becker", "Müller €")), encoding="windows-1252").encode("cp1252"),
    "utf-16.xml": message(statement(balance("OPBD", "1.00") + balance("CLBD", "1.00")), encoding="UTF-16").encode("utf-16"),
    "utf-16-big.xml": message(statement(balance("OPBD", "1.00") + balance("CLBD", "1.00")), encoding="UTF-16").encode("utf-16-be"),
    "bom.xml": message(statement(ONE)).encode("utf-8-sig"),
    "mt940.sta": MT940,
    "mt940-pages.sta": PAGES,
    "mt940-latin-1.sta": MT940.replace("BECKER", "MÜLLER").encode("latin-1"),
    "pain.001.xml": "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'><CstmrCdtTrfInitn/></Document>",
    "doctype.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]>" + message(statement(ONE)).split("?>\n")[1],
    "table.csv": "Buchungstag;Betrag;Text\r\n02.03.2026;119,00;Danke\r\n",
    "half.xml": message(statement(ONE))[:400],
}


def packed(members, method=zipfile.ZIP_DEFLATED, comment=b""):
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in members:
            # No time of packing: the same bytes each time.
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, content)
        archive.comment = comment
    return to.getvalue()


def patched(archive, offset, value):
    """Changes four bytes of the first entry in the directory."""
    at = archive.index(b"PK\x01\x02") + offset
    return archive[:at] + value.to_bytes(4, "little") + archive[at + 4 :]


SMALL = "<a>" + "x" * 40 + "</a>"
ARCHIVES = {
    "one.zip": packed([("a.xml", SMALL)]),
    "stored.zip": packed([("a.xml", SMALL), ("b.xml", SMALL)], zipfile.ZIP_STORED),
    "many.zip": packed([(f"{n}.xml", "<a/>") for n in range(9)]),
    "empty.zip": packed([]),
    "folder.zip": packed([("in/", ""), ("in/a.xml", SMALL), ("../b.xml", SMALL), ("/c.xml", SMALL)]),
    "odd-names.zip": packed([("a\x1b[31m.xml", SMALL), ("\u202e.xml", SMALL), ("x" * 300, SMALL)]),
    "nested.zip": packed([("a.zip", packed([("b.xml", SMALL)]))]),
    "workbook.zip": packed([("[Content_Types].xml", "<Types/>")]),
    "dense.zip": packed([("a.xml", "0" * (2 << 20))]),
    "large.zip": packed([(f"{n}.xml", "0" * (1 << 20)) for n in range(2)]),
    "comment.zip": packed([("a.xml", SMALL)], comment=b"PK\x05\x06 a comment"),
    "says-less.zip": patched(packed([("a.xml", SMALL)], zipfile.ZIP_STORED), 24, 3),
    "says-more.zip": patched(packed([("a.xml", SMALL)]), 24, 1 << 19),
    "wrong-checksum.zip": patched(packed([("a.xml", SMALL)]), 16, 1),
    "cut-off.zip": packed([("a.xml", SMALL)])[:-9],
}


def main():
    statements = dict(STATEMENTS)
    statements["statements.zip"] = packed([("a.xml", STATEMENTS["camt.053.xml"]), ("b.sta", MT940), ("c.xml", STATEMENTS["pain.001.xml"])])
    for target, seeds in (("statement", statements), ("archive", ARCHIVES)):
        folder = HERE / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds.items():
            content = content.encode() if isinstance(content, str) else content
            assert len(content) < 4096, name
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
