const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** The aggregation stages of MongoDB 8.0. */
export const STAGES = words(`
  $addFields $bucket $bucketAuto $changeStream $changeStreamSplitLargeEvent $collStats $count $currentOp
  $densify $documents $facet $fill $geoNear $graphLookup $group $indexStats $limit $listLocalSessions
  $listSampledQueries $listSearchIndexes $listSessions $lookup $match $merge $out $planCacheStats $project
  $querySettings $queryStats $rankFusion $redact $replaceRoot $replaceWith $sample $search $searchMeta $set
  $setWindowFields $shardedDataDistribution $skip $sort $sortByCount $unionWith $unset $unwind $vectorSearch
`);

/** The operators of a filter that stand under a field. */
export const FILTER_OPERATORS = words(`
  $all $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $elemMatch $eq $exists $geoIntersects $geoWithin
  $gt $gte $in $lt $lte $maxDistance $minDistance $mod $ne $near $nearSphere $nin $not $regex $size $type
`);

/** The operators of a filter that stand alone. */
export const TOP_FILTER_OPERATORS = words(
  '$and $comment $expr $jsonSchema $nor $or $sampleRate $text $where',
);

/** The operators of an update. */
export const UPDATE_OPERATORS = words(`
  $addToSet $bit $currentDate $inc $max $min $mul $pop $pull $pullAll $push $rename $set $setOnInsert $unset
`);

/** The operators of a projection of a find. */
export const PROJECTION_OPERATORS = words('$elemMatch $meta $slice');

/** The accumulators of `$group`. */
export const ACCUMULATORS = words(`
  $accumulator $addToSet $avg $bottom $bottomN $count $first $firstN $last $lastN $max $maxN $median
  $mergeObjects $min $minN $percentile $push $stdDevPop $stdDevSamp $sum $top $topN
`);

/** The expression operators. */
export const EXPRESSIONS = words(`
  $abs $acos $acosh $add $allElementsTrue $and $anyElementTrue $arrayElemAt $arrayToObject $asin $asinh
  $atan $atan2 $atanh $avg $binarySize $bitAnd $bitNot $bitOr $bitXor $bsonSize $ceil $cmp $concat
  $concatArrays $cond $convert $cos $cosh $dateAdd $dateDiff $dateFromParts $dateFromString $dateSubtract
  $dateToParts $dateToString $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear $degreesToRadians $divide $eq $exp
  $filter $first $firstN $floor $function $getField $gt $gte $hour $ifNull $in $indexOfArray $indexOfBytes
  $indexOfCP $isArray $isNumber $isoDayOfWeek $isoWeek $isoWeekYear $last $lastN $let $literal $ln $log
  $log10 $lt $lte $ltrim $map $max $maxN $median $mergeObjects $meta $millisecond $min $minN $minute $mod
  $month $multiply $ne $not $objectToArray $or $percentile $pow $radiansToDegrees $rand $range $reduce
  $regexFind $regexFindAll $regexMatch $replaceAll $replaceOne $reverseArray $round $rtrim $second
  $setDifference $setEquals $setField $setIntersection $setIsSubset $setUnion $sin $sinh $size $slice
  $sortArray $split $sqrt $stdDevPop $stdDevSamp $strLenBytes $strLenCP $strcasecmp $substr $substrBytes
  $substrCP $subtract $sum $switch $tan $tanh $toBool $toDate $toDecimal $toDouble $toHashedIndexKey $toInt
  $toLong $toLower $toObjectId $toString $toUpper $toUUID $trim $trunc $tsIncrement $tsSecond $type
  $unsetField $week $year $zip
`);
