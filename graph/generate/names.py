"""Names of people and companies that do not exist: common given names, and names put together from invented halves."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_GIVEN = (
    "Ada Aiko Alba Alma Amara Amir Anders Anika Anton Arjun Asha Astrid Aylin Bao Beatriz Bilal Bruno Camila Carlos "
    "Chen Chiara Chidi Clara Daan Dalia Daniel Deniz Diego Dina Ebba Elena Elias Emeka Emil Enzo Esther Farah Felix "
    "Fiona Freya Gabriel Greta Hana Hassan Helena Hugo Ida Ines Isaac Ivan Ivy Jamal Jana Javier Jonas Juno Kai Kamal "
    "Karin Kenji Kwame Laila Lars Layla Leo Lin Lucia Luka Maia Malik Mara Marco Mei Mila Milan Mona Nadia Nico Nina "
    "Noor Olga Omar Oscar Otto Paula Pavel Priya Rafael Rania Rosa Ruben Sami Sara Selma Sofia Soren Tara Theo Tomas "
    "Uma Vera Viktor Wanda Wei Yara Yuki Yusuf Zara Zoe"
)
_FIRST_HALVES = (
    "Abel Arv Bel Bran Cal Cor Dal Dorv Eld Erl Fal Fen Gal Gorm Hal Hest Ild Jar Kel Korv Lan Lorm Mal Mirv Nal Norv "
    "Ost Pal Perv Quil Ral Rosk Sel Strav Tal Torv Ulm Val Verv Wend Yorm Zel"
)
_SECOND_HALVES = (
    "adine agnor albeck andry ansted ardel arowe aswick avane eboldt edrin elgrave emont endahl ennick erholt essin "
    "estrand evall iborne idrake ilmark imore ingale istrom obrand odell olmayr ondry orvane osteen ovell ubright "
    "undel urwin ustel"
)


def people(random: np.random.Generator, count: int) -> pa.StringArray:
    """So many names; as among people, some share theirs."""
    return pc.binary_join_element_wise(_drawn(random, _GIVEN, count), _invented(random, count), " ")


def companies(random: np.random.Generator, industries: pa.StringArray) -> pa.StringArray:
    """A name for a company of each of these industries."""
    return pc.binary_join_element_wise(_invented(random, len(industries)), industries, " ")


def _invented(random: np.random.Generator, count: int) -> pa.StringArray:
    halves = (_drawn(random, halves, count) for halves in (_FIRST_HALVES, _SECOND_HALVES))
    return pc.binary_join_element_wise(*halves, "")


def _drawn(random: np.random.Generator, words: str, count: int) -> pa.StringArray:
    each = pa.array(words.split(), pa.string())
    return each.take(random.integers(len(each), size=count))
