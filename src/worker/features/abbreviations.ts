import { primaryLanguage } from './primaryLanguage.ts';

/**
 * What a full stop after a word says about the end of a sentence, by language. Words are in lower case, without their last
 * stop.
 */
export interface Abbreviations {
  /** Something always follows: titles, "e.g.". Never the end. (Single capitals, "D. Maria", follow the rule of `maybeFinal`.) */
  continuing: ReadonlySet<string>;
  /** Not the end before a number: "p. 12", "Jan. 5". */
  beforeNumber: ReadonlySet<string>;
  /** The end only before a word that often opens a sentence: "Acme Inc. The firm…" but "Acme Inc. Holdings". */
  maybeFinal: ReadonlySet<string>;
  /** Words that often open a sentence and are seldom a name. */
  openers: ReadonlySet<string>;
}

const words = (text: string): Set<string> => new Set(text.split(' '));

const ENGLISH: Abbreviations = {
  continuing: words(
    'mr mrs ms mx dr drs prof rev fr hon gen col maj capt lt sgt cpl adm cmdr gov sen rep pres supt mt messrs mmes ' +
      'vs v cf ca approx e.g i.e eg ie viz esp incl resp dept univ attn c/o',
  ),
  beforeNumber: words(
    'no nos p pp vol vols ch chap sec sect fig figs eq eqs art arts par para ver v ed tab tel ext op cit ' +
      'jan feb apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat',
  ),
  maybeFinal: words(
    'st ft inc ltd co corp llc plc bros jr sr al ave blvd rd u.s u.k u.n e.u u.s.a d.c ph.d m.d b.a m.a b.c a.d n.b p.s',
  ),
  openers: words(
    'the this that these those there then it its he she they we you i his her their our my your a an in on at by for from ' +
      'with as if when while after before since although though because but and or so yet nor however moreover therefore ' +
      'meanwhile also who what where why how which not no yes all some many most more each every both another now today ' +
      'here let do does did is are was were have has had can could will would should may might must please such once until',
  ),
};

const PORTUGUESE: Abbreviations = {
  continuing: words(
    'sr sra srs sras srta dr dra drs dras prof profa profs exmo exma exmos ilmo ilma eng engo arq pe fr frei mons dom ' +
      'gen cel cap ten sgt alm maj min dep sen gov pres sto sta v.exa v.ex exa ' +
      'p.ex ex i.e e.g cf vs aprox ca av trav pç pça lg rod est',
  ),
  beforeNumber: words(
    'n nº no núm num nr pág págs pag p pp vol vols cap caps séc fig figs art arts artº al inc par ed ver tel ext ramal ' +
      'cx lt lote bl apto ap sl qd km jan fev abr mai jun jul ago set out nov dez',
  ),
  maybeFinal: words('ltda lda cia s.a e.u.a eua jr a.c d.c ph.d m.d inc corp co n.t n.e n.b p.s'),
  openers: words(
    'o a os as um uma uns umas este esta estes estas esse essa esses essas aquele aquela isto isso aquilo ele ela eles elas ' +
      'eu tu nós vós você vocês em no na nos nas de do da dos das por pelo pela para com sem se quando enquanto depois antes ' +
      'desde embora porque mas e ou porém contudo todavia entretanto portanto assim também já não sim que quem onde como ' +
      'qual quais todo toda todos todas alguns muitos cada ambos outro outra hoje agora aqui há foi era é são eram foram ' +
      'tem têm tinha pode podem deve segundo conforme após ao aos à às seu sua seus suas nosso nossa meu minha apenas ainda',
  ),
};

const BY_LANGUAGE: Record<string, Abbreviations> = { en: ENGLISH, pt: PORTUGUESE };

/** The lists of a BCP-47 tag's language; English's where there are none. */
export function abbreviationsOf(language: string): Abbreviations {
  return BY_LANGUAGE[primaryLanguage(language)] ?? ENGLISH;
}
