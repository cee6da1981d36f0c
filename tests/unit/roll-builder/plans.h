/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of invented eMediplans. */
#ifndef RW_TESTS_UNIT_ROLL_BUILDER_PLANS_H
#define RW_TESTS_UNIT_ROLL_BUILDER_PLANS_H

#define PATIENT_16                                                                   \
    "\"Patient\":{\"FName\":\"Anna\",\"LName\":\"Erfunden\",\"BDt\":\"1941-03-14\"," \
    "\"Ids\":[{\"Type\":1,\"Val\":\"80756000000000000001\"}]}"
#define PATIENT_23                                                                   \
    "\"patient\":{\"fName\":\"Anna\",\"lName\":\"Erfunden\",\"bdt\":\"1941-03-14\"," \
    "\"ids\":[{\"type\":2,\"sId\":\"9.9\",\"val\":\"C-17\"}]}"

#define START_16                                                                             \
    "{\"MedType\":1," PATIENT_16 ",\"Medicaments\":[{\"Id\":\"9520000000004\",\"IdType\":2," \
    "\"Unit\":\"STK\",\"Roa\":\"PO\",\"Pos\":["
#define START_23 \
    "{\"medType\":1," PATIENT_23 ",\"meds\":[{\"id\":\"9520000000004\",\"idType\":2,\"pos\":["
#define END "]}]}"
#define AT_16 "/Medicaments/0/Pos/0"
#define AT_23 "/meds/0/pos/0"

#define PO(text) "{\"unit\":\"Stk\",\"roa\":\"20053000\",\"po\":" text "}"
#define FROM(date, text) \
    "{\"unit\":\"Stk\",\"roa\":\"20053000\",\"dtFrom\":\"" date "\",\"po\":" text "}"
#define ONE "{\"t\":1,\"a\":1}"
#define ONLY "{\"t\":1,\"do\":" ONE "}"
#define CYCLE(unit, length, timed) \
    "{\"t\":4,\"cyDuU\":" unit ",\"cyDu\":" length ",\"tdo\":" timed "}"

#endif
